#include "api/sandbox/desk/consent.h"

const struct consent_text consent_texts[CONSENT_COUNT] = {
    [CONSENT_STATEMENT] = {"statement", "statement-1",
                           "Подтверждаю свое согласие на выпуск сертификата "
                           "квалифицированной электронной подписи с "
                           "указанными данными"},
    [CONSENT_RELEASE] = {"release", "release-1",
                         "Я подтверждаю свое согласие на выпуск сертификата "
                         "электронной подписи с указанными данными"},
};
