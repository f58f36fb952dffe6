/** `portreeve log parse LOG…`: every line as an event, a JSON object a line. */
import { Command } from 'commander';
import { ok } from '../../base/result.ts';
import { eachLine, type Line } from '../../exim/each-line.ts';
import { logContext } from '../../exim/log-context.ts';
import { logRecord } from '../../exim/log-record.ts';
import { orderLogs } from '../../exim/order-logs.ts';
import { SyslogEntries } from '../../exim/syslog-entries.ts';
import { totalSize } from '../../host/total-size.ts';
import { act } from '../act.ts';
import { contextOptions, finish, logOptions, withLogOptions } from '../log-options.ts';
import { optionReader } from '../option-reader.ts';
import { createProgress } from '../progress.ts';
import { createSpeaker } from '../speak.ts';

export function logParse(): Command {
  return withLogOptions(
    new Command('parse').description('print every line as an event, a JSON object a line'),
  ).action(
    act(optionReader(logOptions), async ({ speak, args, options }) => {
      // A stream of events is JSON whether --json was said or not.
      const stream = createSpeaker(true);
      const paths = await orderLogs(args);
      let entries = new SyslogEntries(logContext(contextOptions(options)));
      let current = '';
      const progress = createProgress(totalSize(args), true);
      const print = ({ text, number, path }: Line): void => {
        if (path !== current) entries = new SyslogEntries(logContext(contextOptions(options)));
        current = path;
        const record = logRecord(entries.read(text).event);
        stream.document({ line: number, ...(paths.length > 1 ? { file: path } : {}), ...record });
      };
      const { problems } = await eachLine(paths, print, { progress: progress.add });
      progress.end();
      return ok(finish(speak, problems, 0));
    }),
  );
}
