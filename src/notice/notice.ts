/**
 * A notice: one thing that happened, in a form that the page, the timeline, a mail and a webhook all take.
 * Its texts may hold what strangers wrote (a log line): whoever shows them makes them printable.
 */
export interface Notice {
  readonly kind: NoticeKind;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** One line: what happened. */
  readonly title: string;
  /** Further lines: the evidence. */
  readonly lines: readonly string[];
  /** What it is about, such as an address, a port or a folder: notices of one kind and subject are one story. */
  readonly subject: string;
  /** `needed`: a person has to act; `over`: what was needed is needed no more. */
  readonly urgency: 'needed' | 'over' | 'told';
  /** What a person can do about it. */
  readonly hint?: string;
}

export const noticeKinds = [
  'ban',
  'attack',
  'login-attack',
  'drift',
  'change',
  'certificate',
  'starttls',
  'trouble',
] as const;

export type NoticeKind = (typeof noticeKinds)[number];
