/** What a sighting may prove. */
export const sightingKinds = [
  /** A wrong password. */
  'credential',
  /** Mail for others, from a stranger. */
  'relay',
  /** A recipient that is not there. */
  'harvest',
  /** The protocol broken as no mail server breaks it. */
  'protocol',
  /** Too many connections of this one address. */
  'flood',
  /** Refused because the server was full. */
  'turned-away',
  /** A greeting that is refused, or none. */
  'greeting',
  /** TLS that fails. */
  'handshake',
  /** Connected, and brought no mail. */
  'loiter',
  /** Mail that is refused for what it is, or for where it comes from. */
  'spam',
  /** A web server asked for what only a scanner looks for. */
  'probe',
] as const;
export type SightingKind = (typeof sightingKinds)[number];
