#!/bin/sh
# A renewal as a script would do it, with curl, jq and OpenSSL: the peer of
# kep renew in the benchmarks. It keeps no journal, checks nothing that it is
# sent but the chain, and leaves the new key in a file.
#
# renew.sh URL CA PHONE SMS OLD-KEY OLD-CERTIFICATE ISSUERS FOLDER
set -eu
url=$1/v1 ca=$2 phone=$3 sms=$4 key=$5 certificate=$6 issuers=$7
cd "$8"
sid=

# call METHOD PATH [BODY [ETAG]] > answer.json; the ETag is in headers
call() {
    curl -sS --fail --cacert "$ca" -D headers -o answer.json -X "$1" \
        ${sid:+-H "Authorization: auth.sid $sid"} \
        ${3:+-H 'Content-Type: application/json' --data-binary "$3"} \
        ${4:+-H "If-Match: $4"} "$url$2"
}

etag() { sed -n 's/\r$//; s/^[Ee][Tt]ag: //p' headers; }

code() {
    for message in "$sms/$phone"/*; do :; done
    grep -o '\<[0-9]\{6\}\>' "$message"
}

sign() { # FILE OPTIONS
    file=$1
    shift
    openssl cms -sign -binary -cades -nosmimecap -md md_gost12_256 \
        -outform DER -signer "$certificate" -inkey "$key" -in "$file" "$@" |
        base64 -w 0 | jq -Rc '{cms: .}' >cms.json
}

thumbprint=$(openssl x509 -in "$certificate" -noout -fingerprint -sha1 |
    sed 's/.*=//; s/://g' | tr A-F a-f)
call POST /auth/sms "{\"phone\":\"$phone\"}"
call POST "/auth/sms/$(jq -r .challengeId answer.json)/confirm" \
    "{\"code\":\"$(code)\"}"
sid=$(jq -r .sid answer.json)
call GET /certificates
mode=$(jq -r --arg t "$thumbprint" \
    '.certificates[] | select(.thumbprint == $t) | .renewal.mode' answer.json)
call POST /certificate-forms "$(jq -nc --arg t "$thumbprint" --arg m "$mode" \
    --arg id "$(openssl rand -hex 16)" \
    '{externalId: $id, oldThumbprint: $t, mode: $m}')"
form=/certificate-forms/$(jq -r .id answer.json) mark=$(etag)
mv answer.json form.json
version=$(jq -r .consent.release.version form.json)

call GET "$form/statement?type=releaseStatement"
sign answer.json
call POST "$form/statement/signature" @cms.json "$mark"
call POST "$form/submit" '{}' "$(etag)"
call POST "$form/consent" \
    "{\"textVersion\":\"$version\",\"accepted\":true}" "$(etag)"
mark=$(etag)

{
    printf '%s\n' 'openssl_conf = o' '[o]' 'engines = e' '[e]' 'gost = g' \
        '[g]' 'engine_id = gost' 'default_algorithms = ALL' '[req]' \
        'prompt = no' 'utf8 = yes' 'string_mask = utf8only' \
        'distinguished_name = dn' 'req_extensions = x' '[x]' \
        'keyUsage = critical, digitalSignature, nonRepudiation,'\
' keyEncipherment, dataEncipherment' \
        'extendedKeyUsage = clientAuth, emailProtection' \
        'certificatePolicies = 1.2.643.100.113.1' \
        '1.2.643.100.111 = ASN1:UTF8:a script' \
        '1.2.643.100.114 = ASN1:INTEGER:1' '[dn]'
    jq -r '.data | {countryName: "C", stateOrProvinceName: "ST",
        localityName: "L", streetAddress: "street", organizationName: "O",
        organizationalUnitName: "OU", title: "title", commonName: "CN",
        surname: "SN", givenName: "GN", emailAddress: "emailAddress",
        ogrn: "OGRN", ogrnip: "OGRNIP", snils: "SNILS", inn: "INN",
        innle: "INNLE"} as $n | to_entries[] | select($n[.key])
        | $n[.key] + " = " + .value' form.json
} >request.cnf
openssl genpkey -algorithm gost2012_256 -pkeyopt paramset:XA -out new.key
OPENSSL_CONF=request.cnf openssl req -new -key new.key -md_gost12_256 \
    -config request.cnf -outform DER -out new.csr
sign new.csr -nodetach
call POST "$form/request" @cms.json "$mark"
call POST "$form/confirmation" "{\"code\":\"$(code)\"}" "$(etag)"
until [ "$(jq -r .status answer.json)" = issued ]; do
    sleep 1
    call GET "$form"
done
mark=$(etag)
call GET "$form/certificate"
jq -r .certificate answer.json | base64 -d |
    openssl x509 -inform DER -out new.crt
openssl verify -CAfile "$issuers" -partial_chain new.crt >verified
call POST "$form/installed" '{}' "$mark"
