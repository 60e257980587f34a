extension Transcript {
    static let curl = Transcript(
        "curl",
        #"""
        > curl.sh
        | # The body, and the status after it.
        | curl -s --cacert "$PKI/ca.crt" --cert "$PKI/admin.crt" --key "$PKI/admin.key" -w '\n%{http_code} %{http_version}\n' "$@"
        > watch.sh
        | # Changes are seen while the watch is open, by both versions of HTTP.
        | : >events
        | curl -sN $1 --cacert "$PKI/ca.crt" --cert "$PKI/admin.crt" --key "$PKI/admin.key" >events \
        |   "$URL/api/v1/namespaces/curl/secrets?watch=1&timeoutSeconds=60&fieldSelector=metadata.name=$2" & watcher=$!
        | n=0
        | until grep -q "\"name\":\"$2\"" events; do
        |   n=$((n+1)); [ $n -lt 600 ] || exit 9
        |   [ $n = 1 ] && kubectl create secret generic $2 >/dev/null
        |   sleep 0.05
        | done
        | kubectl delete secret $2 >/dev/null
        | until grep -q DELETED events; do n=$((n+1)); [ $n -lt 600 ] || exit 9; sleep 0.05; done
        | kill $watcher
        | sed 's/,"object".*//' events
        $ sh curl.sh --http1.1 "$URL/api/v1/namespaces/curl/configmaps/nothing"
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"configmaps \"nothing\" not found","reason":"NotFound","details":{"name":"nothing","kind":"configmaps"},"code":404}
        404 1.1
        $ sh curl.sh --http2 "$URL/api/v1/namespaces/curl/configmaps/nothing" | tail -1
        404 2
        $ printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: map}\ndata: {z: "1", a: "2"}\n' | sh curl.sh --http2 -H 'content-type: application/yaml' --data-binary @- "$URL/api/v1/namespaces/curl/configmaps"
        {"kind":"ConfigMap","apiVersion":"v1","metadata":{...},"data":{"a":"2","z":"1"}}
        201 2
        $ sh curl.sh --http1.1 -H 'accept: application/yaml' "$URL/api/v1/namespaces/curl/configmaps/map"
        apiVersion: v1
        data:
          a: "2"
          z: "1"
        kind: ConfigMap
        metadata:
          creationTimestamp: "..."
        ...

        200 1.1
        $ sh curl.sh -H 'accept: application/json;as=Table;g=meta.k8s.io;v=v1' "$URL/api/v1/namespaces/curl/configmaps/map" | grep -o '"cells":[^]]*]'
        "cells":["map",2,"..."]
        $ sh curl.sh -H 'accept: application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' "$URL/api/v1/namespaces/curl/configmaps/map" | grep -o '^{"kind":"[A-Za-z]*"'
        {"kind":"PartialObjectMetadata"
        $ sh curl.sh -H 'accept: application/cbor' "$URL/api/v1/namespaces/curl/configmaps/map" | grep -oE '"(message|reason)":"[^"]*"'
        "message":"only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf"
        "reason":"NotAcceptable"
        $ sh curl.sh -H 'content-type: text/plain' -d x "$URL/api/v1/namespaces/curl/configmaps" | grep -oE '"message":"[^"]*"|^4.*'
        "message":"the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf"
        415 2
        $ sh curl.sh -X PATCH -H 'content-type: application/merge-patch+json' -d '{bad' "$URL/api/v1/namespaces/curl/configmaps/map" | grep -oE '"message":"[^:"]*|^4.*'
        "message":"error decoding patch
        400 2
        $ sh curl.sh -X PUT -H 'content-type: application/json' -d '{}' "$URL/api/v1/namespaces/curl/configmaps"
        405: Method Not Allowed
        405 2
        $ sh curl.sh -X OPTIONS "$URL/api/v1/namespaces" | tail -1
        405 2
        $ sh curl.sh "$URL/api/v1/namespaces/curl/nothing"
        404 page not found

        404 2
        $ sh curl.sh "$URL/api/v1/configmaps?limit=x" | tail -1
        400 2
        $ sh curl.sh -I "$URL/api/v1/namespaces/curl/configmaps/map" | tr -d '\r' | grep -iE '^(content-type|audit-id)'
        audit-id: ...
        content-type: application/json...
        $ sh curl.sh "$URL/api/v1/endpoints?limit=1" -D - -o /dev/null | grep -i warning
        warning: 299 - "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice"...
        $ sh curl.sh -X DELETE "$URL/api/v1/namespaces/curl/configmaps/map"
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Success","details":{"name":"map","kind":"configmaps","uid":"..."}}
        200 2
        $ curl -sk "$URL/api/v1/pods" | grep -o '"message":.*"reason":"[A-Za-z]*"'
        "message":"pods is forbidden: User \"system:anonymous\" cannot list resource \"pods\" in API group \"\" at the cluster scope","reason":"Forbidden"
        $ curl -sk -H 'Authorization: Bearer x' "$URL/api/v1/pods"
        {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"Unauthorized","reason":"Unauthorized","code":401}
        $ sh watch.sh --http1.1 first
        {"type":"ADDED"
        {"type":"DELETED"
        $ sh watch.sh --http2 second
        {"type":"ADDED"
        {"type":"DELETED"
        """#)
}
