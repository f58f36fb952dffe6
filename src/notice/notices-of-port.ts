/**
 * What a new live test of a port is worth telling, beside the one before: encryption that broke or came back,
 * and a certificate that nears its end. Pure.
 */
import type { PortReport } from '../tls/port-report.ts';
import type { Notice } from './notice.ts';

const day = 86_400_000;

/** Told again as each of these is passed. */
const warnDays = [21, 14, 7, 3, 1, 0];

export function noticesOfPort(before: PortReport | undefined, after: PortReport): Notice[] {
  const { port, at } = after;
  const subject = `port ${port}`;
  const found: Notice[] = [];
  if (!after.sound && (before === undefined || before.sound)) {
    const bad = after.findings.filter(({ grade }) => grade === 'bad');
    const fix = bad.find((one) => one.fix !== undefined)?.fix;
    const title = `encryption on port ${port} is not sound: ${bad[0]?.text ?? 'it failed'}`;
    const lines = [...bad.map(({ text }) => text), ...after.transcript.slice(-12)];
    found.push({
      kind: 'starttls',
      at,
      title,
      lines,
      subject,
      urgency: 'needed',
      ...(fix === undefined ? {} : { hint: fix }),
    });
  } else if (after.sound && before?.sound === false) {
    const title = `encryption on port ${port} is sound again: ${after.version ?? ''} ${after.cipher ?? ''}`;
    found.push({ kind: 'starttls', at, title, lines: [], subject, urgency: 'over' });
  }
  const passed = warning(after);
  const earlier = before === undefined ? undefined : warning(before);
  if (
    after.certificate !== undefined &&
    passed !== undefined &&
    (earlier === undefined || passed < earlier)
  ) {
    const { certificate } = after;
    const left = Math.floor((certificate.notAfter - at) / day);
    const title =
      left < 0
        ? `the certificate of port ${port} has expired`
        : `the certificate of port ${port} ends in ${left} days`;
    const lines = [
      `${certificate.subject}, issued by ${certificate.issuer}`,
      `valid until ${new Date(certificate.notAfter).toISOString()}`,
    ];
    found.push({
      kind: 'certificate',
      at,
      title,
      lines,
      subject,
      urgency: 'needed',
      hint: 'portreeve tls renew',
    });
  } else if (after.certificate !== undefined && earlier !== undefined && passed === undefined) {
    found.push({
      kind: 'certificate',
      at,
      title: `port ${port} has a certificate with time left`,
      lines: [],
      subject,
      urgency: 'over',
    });
  }
  return found;
}

/** The fewest of the days that it has come below; undefined where it has long to go. */
function warning({ certificate, at }: PortReport): number | undefined {
  if (certificate === undefined) return undefined;
  // A certificate that lives for days (short-lived ones, tests) is near its end by design from a third on.
  const life = certificate.notAfter - certificate.notBefore;
  const left = certificate.notAfter - at;
  return warnDays.findLast((days) => left <= Math.min(days * day, (life * days) / 63));
}
