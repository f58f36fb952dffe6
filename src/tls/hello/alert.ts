/** TLS alerts (RFC 8446, section 6, and those of earlier versions). */
export interface Alert {
  readonly fatal: boolean;
  readonly code: number;
  /** As the RFC names it; `alert 99` where it names none. */
  readonly name: string;
}

const alertCodes = {
  close_notify: 0,
  unexpected_message: 10,
  bad_record_mac: 20,
  decryption_failed: 21,
  record_overflow: 22,
  decompression_failure: 30,
  handshake_failure: 40,
  no_certificate: 41,
  bad_certificate: 42,
  unsupported_certificate: 43,
  certificate_revoked: 44,
  certificate_expired: 45,
  certificate_unknown: 46,
  illegal_parameter: 47,
  unknown_ca: 48,
  access_denied: 49,
  decode_error: 50,
  decrypt_error: 51,
  export_restriction: 60,
  protocol_version: 70,
  insufficient_security: 71,
  internal_error: 80,
  inappropriate_fallback: 86,
  user_canceled: 90,
  no_renegotiation: 100,
  missing_extension: 109,
  unsupported_extension: 110,
  unrecognized_name: 112,
  bad_certificate_status_response: 113,
  unknown_psk_identity: 115,
  certificate_required: 116,
  no_application_protocol: 120,
} as const;

const names: ReadonlyMap<number, string> = new Map(
  Object.entries(alertCodes).map(([name, code]) => [code, name]),
);

export function alertOf(level: number, code: number): Alert {
  return { fatal: level === 2, code, name: names.get(code) ?? `alert ${code}` };
}
