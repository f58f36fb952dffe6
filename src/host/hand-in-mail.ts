/** Hands a message in to a mail server by SMTP. TLS is used where it is offered; at loopback its certificate is not looked at. */
import { fail, ok, type Result } from '../base/result.ts';

export interface Mail {
  readonly host: string;
  readonly port: number;
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export async function handInMail(
  { host, port, from, to, subject, text }: Mail,
  timeoutMs: number,
): Promise<Result<void>> {
  const isLocal = /^(?:127\.|::1$|localhost$)/.test(host);
  // Loaded when the first mail goes.
  const { createTransport } = await import('nodemailer');
  const transport = createTransport({
    host,
    port,
    secure: port === 465,
    tls: { rejectUnauthorized: !isLocal },
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // What is attached or fetched comes from nowhere: the message is text.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    // RFC 3834: nobody is to answer it automatically.
    await transport.sendMail({ from, to, subject, text, headers: { 'Auto-Submitted': 'auto-generated' } });
    return ok();
  } catch (error) {
    const { message } = error as Error;
    return fail(
      'unavailable',
      `cannot hand mail in at ${host}:${port}: ${message.replace(/\s+/g, ' ').slice(0, 300)}`,
      {
        hint: 'does Exim listen there, and take mail for that address? notify.channel has "server" and "to"',
      },
    );
  } finally {
    transport.close();
  }
}
