#include "api/sandbox/refusal.h"

static const struct {
    const char *code;
    const char *message;
} reasons[] = {
    [ACCEPTED] = {"", ""},
    [INTERNAL] = {"internal",
                  "На сервере произошла ошибка. Повторите попытку позже."},
    [CMS_UNREADABLE] = {"cmsUnreadable",
                        "Подпись не удалось прочитать: это не CMS с одной "
                        "подписью и сертификатом подписавшего."},
    [NOT_DETACHED] = {"cmsUnreadable",
                      "Подпись заявления должна быть отсоединённой, без "
                      "текста заявления внутри."},
    [NOT_ATTACHED] = {"cmsUnreadable",
                      "Подпись запроса должна быть присоединённой: внутри "
                      "подписи нет запроса на сертификат."},
    [SIGNATURE_INVALID] = {"signatureInvalid", "Подпись неверна."},
    [CONTENT_MISMATCH] = {"contentMismatch",
                          "Подписано не то заявление, которое было "
                          "предложено подписать."},
    [SIGNER_MISMATCH] = {"signerMismatch",
                         "Подписано не тем сертификатом, который "
                         "продлевается."},
    [SIGNER_CHAIN] = {"signerChainInvalid",
                      "Сертификат подписавшего выпущен не этим "
                      "удостоверяющим центром."},
    [SIGNER_EXPIRED] = {"signerExpired",
                        "Срок действия сертификата подписавшего истёк или "
                        "ещё не наступил."},
    [SIGNER_REVOKED] = {"signerRevoked", "Сертификат подписавшего отозван."},
    [SIGNER_KEY_PERIOD] = {"signerKeyPeriodOver",
                           "Срок действия ключа подписавшего истёк или ещё "
                           "не наступил, хотя сертификат действует."},
    [REQUEST_UNREADABLE] = {"requestUnreadable",
                            "Запрос на сертификат не удалось прочитать: это "
                            "не PKCS#10."},
    [REQUEST_SIGNATURE] = {"requestSignatureInvalid",
                           "Запрос на сертификат подписан не тем ключом, "
                           "для которого он составлен."},
    [REQUEST_KEY] = {"requestKeyUnsupported",
                     "Для такого ключа сертификаты не выпускаются: нужен "
                     "ключ ГОСТ Р 34.10-2012."},
    [SAME_KEY] = {"sameKey", "Запрос составлен для старого ключа. Для нового "
                             "сертификата нужен новый ключ."},
    [REQUEST_SUBJECT] = {"requestSubjectMismatch",
                         "Данные в запросе на сертификат не совпадают с "
                         "данными заявки."},
    [OTHER_PERSON] = {"requestSubjectMismatch",
                      "Данные в запросе на сертификат не совпадают с данными "
                      "владельца старого сертификата."},
    [REQUEST_EXTENSIONS] = {"requestExtensionsInvalid",
                            "В запросе на сертификат нет расширений, нужных "
                            "для квалифицированного сертификата."},
};

bool refusal_set(enum reason reason, const char *target,
                 struct refusal *refusal)
{
    *refusal = (struct refusal){
        .code = reasons[reason].code,
        .target = target,
        .message = reasons[reason].message,
    };
    return reason == ACCEPTED;
}
