/* What a person consents to, word for word, with the version of the text. */
#ifndef API_SANDBOX_DESK_CONSENT_H
#define API_SANDBOX_DESK_CONSENT_H

enum consent { CONSENT_STATEMENT, CONSENT_RELEASE, CONSENT_COUNT };

struct consent_text {
    const char *word; /* "statement", "release" */
    const char *version;
    const char *text;
};

extern const struct consent_text consent_texts[CONSENT_COUNT];

#endif
