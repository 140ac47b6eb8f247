#include "api/wording.h"

#include <string.h>

const char wording_title[] =
    "Заявление на изготовление квалифицированного сертификата ключа проверки "
    "электронной подписи";
const char wording_request[] =
    "Прошу изготовить квалифицированный сертификат ключа проверки электронной "
    "подписи со следующими данными:";

const char wording_form[] = "Заявка";
const char wording_time[] = "Время составления";
const char wording_thumbprint[] = "Отпечаток обновляемого сертификата";

/* The person first, then the organisation, then the place. */
const struct wording_row wording_data[WORDING_DATA] = {
    {"surname", "Фамилия"},
    {"givenName", "Имя и отчество"},
    {"commonName", "Общее имя"},
    {"snils", "СНИЛС"},
    {"inn", "ИНН физического лица"},
    {"emailAddress", "Электронная почта"},
    {"organizationName", "Организация"},
    {"organizationalUnitName", "Подразделение"},
    {"title", "Должность"},
    {"innle", "ИНН организации"},
    {"ogrn", "ОГРН"},
    {"ogrnip", "ОГРНИП"},
    {"countryName", "Страна"},
    {"stateOrProvinceName", "Субъект Российской Федерации"},
    {"localityName", "Населённый пункт"},
    {"streetAddress", "Адрес"},
};

/* 0 stands for any digit, everything else for itself. */
static const char *const times[] = {
    "0000-00-00T00:00:00Z",
    "00.00.0000 00:00 МСК",
    "00.00.0000, 00:00 МСК",
};

static bool fits(const char *shape, const char *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if (shape[i] == '0' ? text[i] < '0' || text[i] > '9'
                            : text[i] != shape[i])
            return false;
    return true;
}

bool wording_is_time(const char *text, size_t size)
{
    for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
        if (size == strlen(times[i]) && fits(times[i], text, size))
            return true;
    return false;
}
