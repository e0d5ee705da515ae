/* A security key in software, for tests: ssh's middleware of version 10 with ed25519. Its "handle" is the seed of the key. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef struct evp_pkey_st EVP_PKEY;
typedef struct evp_md_ctx_st EVP_MD_CTX;
EVP_PKEY *EVP_PKEY_new_raw_private_key(int, void *, const unsigned char *, size_t);
int EVP_PKEY_get_raw_public_key(const EVP_PKEY *, unsigned char *, size_t *);
EVP_MD_CTX *EVP_MD_CTX_new(void);
int EVP_DigestSignInit(EVP_MD_CTX *, void *, void *, void *, EVP_PKEY *);
int EVP_DigestSign(EVP_MD_CTX *, unsigned char *, size_t *, const unsigned char *, size_t);
unsigned char *SHA256(const unsigned char *, size_t, unsigned char *);
int RAND_bytes(unsigned char *, int);

#define ED25519 1087 /* NID_ED25519 */
#define SEED 32

struct sk_enroll_response {
  uint8_t flags;
  uint8_t *public_key; size_t public_key_len;
  uint8_t *key_handle; size_t key_handle_len;
  uint8_t *signature; size_t signature_len;
  uint8_t *attestation_cert; size_t attestation_cert_len;
  uint8_t *authdata; size_t authdata_len;
};
struct sk_sign_response {
  uint8_t flags;
  uint32_t counter;
  uint8_t *sig_r; size_t sig_r_len;
  uint8_t *sig_s; size_t sig_s_len;
};
struct sk_option;
struct sk_resident_key;

static uint8_t *copy(const void *from, size_t length) {
  uint8_t *made = malloc(length ? length : 1);
  if (made) memcpy(made, from, length);
  return made;
}

uint32_t sk_api_version(void) { return 0x000a0000; }

int sk_enroll(uint32_t alg, const uint8_t *challenge, size_t challenge_len, const char *application, uint8_t flags,
    const char *pin, struct sk_option **options, struct sk_enroll_response **response) {
  unsigned char seed[SEED], public_key[SEED];
  size_t length = sizeof(public_key);
  if (alg != 1 || RAND_bytes(seed, SEED) != 1) return -2;
  EVP_PKEY_get_raw_public_key(EVP_PKEY_new_raw_private_key(ED25519, NULL, seed, SEED), public_key, &length);
  struct sk_enroll_response *made = calloc(1, sizeof(*made));
  made->flags = flags;
  made->public_key = copy(public_key, length); made->public_key_len = length;
  made->key_handle = copy(seed, SEED); made->key_handle_len = SEED;
  made->signature = copy("", 0);
  made->attestation_cert = copy("", 0);
  made->authdata = copy("", 0);
  *response = made;
  return 0;
}

int sk_sign(uint32_t alg, const uint8_t *data, size_t data_len, const char *application, const uint8_t *key_handle,
    size_t key_handle_len, uint8_t flags, const char *pin, struct sk_option **options, struct sk_sign_response **response) {
  if (alg != 1 || key_handle_len != SEED) return -2;
  uint32_t counter = 0x12345678;
  unsigned char signed_data[32 + 1 + 4 + 32], signature[64];
  size_t length = sizeof(signature);
  SHA256((const unsigned char *)application, strlen(application), signed_data);
  signed_data[32] = flags;
  for (int i = 0; i < 4; i++) signed_data[33 + i] = counter >> (24 - 8 * i);
  SHA256(data, data_len, signed_data + 37);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  EVP_PKEY *key = EVP_PKEY_new_raw_private_key(ED25519, NULL, key_handle, SEED);
  if (EVP_DigestSignInit(context, NULL, NULL, NULL, key) != 1 ||
      EVP_DigestSign(context, signature, &length, signed_data, sizeof(signed_data)) != 1) return -1;
  struct sk_sign_response *made = calloc(1, sizeof(*made));
  made->flags = flags;
  made->counter = counter;
  made->sig_r = copy(signature, length); made->sig_r_len = length;
  *response = made;
  return 0;
}

int sk_load_resident_keys(const char *pin, struct sk_option **options, struct sk_resident_key ***keys, size_t *count) {
  *keys = NULL;
  *count = 0;
  return 0;
}
