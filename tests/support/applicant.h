/* Whoever applies in a trial: answers at a terminal, or files and options. A
 * test that uses it links as one of tests/support/trial.h. */
#ifndef TESTS_SUPPORT_APPLICANT_H
#define TESTS_SUPPORT_APPLICANT_H

#include "tests/support/trial.h"

extern struct pty applicant_pty;

/* A run at the terminal, the data not accepted beforehand. */
void applicant_begin(void);

/* Waits for a question and types a line; fails where it is not asked. */
void applicant_answer(const char *question, const char *typed);

/* Waits for a sentence; a question is asked again behind what is told. */
void applicant_told(const char *sentence);

/* A file of the trial; its path stays until the fourth call after it. */
const char *applicant_file(const char *name, const char *content);

/* The same as --scan wants it: KIND=FILE. */
const char *applicant_scan(const char *kind, const char *content);

/* Adds a value of --scan. */
void applicant_give(const char *scan);

/* Members of a file for --changes: all that ESIA wants of a Russian. */
#define APPLICANT_PASSPORT                                                     \
    "\"birthDate\":\"29.02.1980\",\"birthPlace\":\"гор. Минск\","      \
    "\"sex\":\"female\",\"documentType\":\"passport\","                        \
    "\"documentSeries\":\"65 10\",\"documentNumber\":\"123456\","              \
    "\"documentIssued\":\"31.03.2010\",\"documentIssuer\":\"ОУФМС\","     \
    "\"documentIssuerCode\":\"660001\""

#endif
