/** A public key that gpg made for tests, without a subkey. */
export const ONE = {
  ids: ["AF90971183252207"],
  full: "0989B7147E6D9837D4CD9B7EAF90971183252207",
  bytes: bytesOf([
    "mDMEawk7+xYJKwYBBAHaRw8BAQdAKCfqpRrmyX7Wxuo9mMf3dZzHgZJHGoiPS4MPjNrpJjO0FW9u",
    "ZSA8b25lQGV4YW1wbGUub3JnPoiQBBMWCAA4FiEECYm3FH5tmDfUzZt+r5CXEYMlIgcFAmsJO/sC",
    "GwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQr5CXEYMlIgcifgEA1IGwUkXF0AiDUXZpSos0",
    "Sk4pxB8/2tExrhH7fd9nt/oA/2RrfvjU6pFb7bS9qyZzbiDTEXr1nlxBGR+hJh7UgagH",
  ]),
};

/** Another, with a subkey. */
export const TWO = {
  ids: ["E636E9075A9CFED6", "A0D7DB349B46574C"],
  full: "32BBFC52E276C425C4CC8566E636E9075A9CFED6",
  bytes: bytesOf([
    "mDMEawk7+xYJKwYBBAHaRw8BAQdAel/3I5qUtMluQlyO+O9brj0ddkasOC3BG37S7p+EUTm0FXR3",
    "byA8dHdvQGV4YW1wbGUub3JnPoiQBBMWCAA4FiEEMrv8UuJ2xCXEzIVm5jbpB1qc/tYFAmsJO/sC",
    "GwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AACgkQ5jbpB1qc/tarnwEAylMXWa7aMO7yuLP0dHGn",
    "qjnz3WK1Pum3YGLJTz9jm/sA/1DOhESRYng8O1r5BDAvh+Zkg5HZrHHbLHT00Zz1tioEuDgEawk7",
    "+xIKKwYBBAGXVQEFAQEHQAjvi1ISFngQYCWI8GSEbnfkG5rO4o4homy2X8DhGdZuAwEIB4h4BBgW",
    "CAAgFiEEMrv8UuJ2xCXEzIVm5jbpB1qc/tYFAmsJO/sCGwwACgkQ5jbpB1qc/tYo5wEA+AMSQC89",
    "y8NedTbg4cMehlNLtAWVYnajQcRohJ+ePO4A/0NWFK9ZU0c1xr2kB5TAmcsw9nzPyo7ZVRFtf5Fp",
    "dwAC",
  ]),
};

function bytesOf(base64: readonly string[]): Buffer {
  return Buffer.from(base64.join(""), "base64");
}
