// SPDX-License-Identifier: MIT
#include "tls_probe.h"

#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/xalloc.h"
#include "io/loop/clock.h"

enum { ALERT_FATAL = 2 }; // RFC 8446 section 6

static bool uses_tls(const struct task *task)
{
    return task->check.type == HEALTH_CHECK_HTTPS || task->check.type == HEALTH_CHECK_HTTPS_STR_MATCH;
}

static bool has_name(X509 *certificate, const char *name)
{
    return X509_check_host(certificate, name, 0, 0, NULL) == 1;
}

static void write_subject(X509 *certificate, char out[CERTIFICATE_SUBJECT])
{
    BIO *text = BIO_new(BIO_s_mem());
    if (text != NULL) {
        X509_NAME_print_ex(text, X509_get_subject_name(certificate), 0,
                           XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
        int len = BIO_read(text, out, CERTIFICATE_SUBJECT - 1);
        out[len > 0 ? len : 0] = '\0';
        BIO_free(text);
    }
}

// For people, not for a verdict: P20.
static void keep(struct task *task, X509 *certificate)
{
    struct certificate *out = &task->tls.certificate;
    struct tm not_after = {0};
    *out = (struct certificate){.named = task->tls.host != NULL};
    out->name_matches = out->named && has_name(certificate, task->tls.host);
    if (ASN1_TIME_to_tm(X509_get0_notAfter(certificate), &not_after) == 1) {
        out->not_after = wall_add((wall_time){0}, duration_from_seconds((double)timegm(&not_after)));
    }
    write_subject(certificate, out->subject);
    task->tls.shown = true;
}

static void look_at_certificate(struct task *task, const SSL *ssl)
{
    bool named = task->tls.name != NULL && !task->tls.nameless;
    if (!named && !task_watches_certificates(task)) {
        return;
    }
    X509 *certificate = SSL_get1_peer_certificate(ssl);
    task->tls.wrong_name = named && (certificate == NULL || !has_name(certificate, task->tls.name));
    if (certificate != NULL && task_watches_certificates(task)) {
        keep(task, certificate);
    }
    X509_free(certificate);
}

static void on_info(const SSL *ssl, int where, int value)
{
    struct task *task = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
    if ((where & SSL_CB_READ_ALERT) == SSL_CB_READ_ALERT && value >> 8 == ALERT_FATAL) {
        task->tls.alert = (uint8_t)value;
    } else if (where & SSL_CB_HANDSHAKE_DONE) {
        look_at_certificate(task, ssl);
    }
}

// libcurl asks when TCP is connected and before the handshake begins.
static CURLcode on_context(CURL *easy, void *ssl_context, void *context)
{
    (void)easy;
    struct task *task = context;
    SSL_CTX_set_app_data(ssl_context, task);
    SSL_CTX_set_info_callback(ssl_context, on_info);
    SSL_CTX_set_options(ssl_context, SSL_OP_LEGACY_SERVER_CONNECT);
    probe_connected(&task->probe, clock_mono());
    if (probe_done(&task->probe)) {
        return CURLE_ABORTED_BY_CALLBACK;
    }
    task_advanced(task);
    return CURLE_OK;
}

// libcurl copies these for every connection, so a handle gets them when it first needs them.
static void set_up(struct task *task)
{
    CURL *easy = task->easy;
    if (task->tls.set_up || !uses_tls(task)) {
        return;
    }
    task->tls.set_up = true;
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 0L); // P20
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(easy, CURLOPT_CAINFO, NULL); // a bundle would be read for every connection
    curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_0);
    curl_easy_setopt(easy, CURLOPT_SSL_CIPHER_LIST, "DEFAULT@SECLEVEL=0");
    curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L); // every probe has a handshake of its own
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, on_context);
    curl_easy_setopt(easy, CURLOPT_SSL_CTX_DATA, task);
}

void tls_probe_describe(struct task *task, const struct health_check *check)
{
    struct ip_address address;
    const char *name = check->fully_qualified_domain_name;
    bool named = uses_tls(task) && name != NULL && !ip_parse(bytes_of(name), &address);
    tls_probe_free(task);
    task->tls.host = named ? xstrdup(name) : NULL;
    task->tls.name = check->enable_sni ? task->tls.host : NULL;
    task->tls.nameless = false;
}

void tls_probe_begin(struct task *task)
{
    task->tls.alert = 0;
    task->tls.secured = false;
    task->tls.wrong_name = false;
    task->tls.shown = false;
}

void tls_probe_set_url(struct task *task)
{
    struct ip_endpoint endpoint = {task->probe.observation.resolved, task->check.port};
    char authority[IP_ENDPOINT_TEXT];
    char url[300];
    bool named = task->tls.name != NULL && !task->tls.nameless;
    set_up(task);
    ip_endpoint_format(&endpoint, authority);
    if (named) {
        snprintf(task->tls.target, sizeof task->tls.target, "::%s", authority);
        task->tls.connect_to = (struct curl_slist){task->tls.target, NULL};
        snprintf(url, sizeof url, "https://%.255s:%u/", task->tls.name, task->check.port);
    } else {
        snprintf(url, sizeof url, "%s://%s/", uses_tls(task) ? "https" : "http", authority);
    }
    curl_easy_setopt(task->easy, CURLOPT_URL, url);
    if (task->tls.set_up) {
        curl_easy_setopt(task->easy, CURLOPT_CONNECT_TO, named ? &task->tls.connect_to : NULL);
    }
}

bool tls_probe_secured(struct task *task)
{
    task->tls.secured = true;
    return !task->tls.wrong_name;
}

bool tls_probe_again(struct task *task, CURLcode result)
{
    bool refused = task->tls.wrong_name || result == CURLE_URL_MALFORMAT;
    bool again = refused && task->tls.name != NULL && !task->tls.nameless;
    task->tls.nameless = task->tls.nameless || again;
    return again;
}

bool tls_probe_failed(const struct task *task)
{
    return uses_tls(task) && task->probe.phase == PROBE_STATUS &&
           (!task->tls.secured || task->tls.alert != 0);
}

void tls_probe_free(struct task *task)
{
    free(task->tls.host);
    task->tls.host = NULL;
    task->tls.name = NULL;
}
