/** Why a certificate is revoked (RFC 5280, section 5.3.1), as far as it happens to mail servers. */
export const revocationReasons = ['key-compromise', 'superseded', 'cessation'] as const;
export type RevocationReason = (typeof revocationReasons)[number];
