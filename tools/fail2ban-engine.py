# Debian's fail2ban, asked line by line: the other side of fail2ban-differential.ts.
#
# Reads one JSON object a line: {"base", "filter", "options", "journal", "prefix", "lines"}; writes one a line:
# for each log line the list of what was found, [regex, id, time, attempts, users, groups], or a string that
# says why there is none. The clock stands where fail2ban's own tests put it.

import json
import logging
import os
import signal
import sys
import time
import types

os.environ['TZ'] = 'Europe/Berlin'
time.tzset()
sys.path.insert(0, sys.argv[1])
logging.disable(logging.CRITICAL)

from fail2ban.client.filterreader import FilterReader  # noqa: E402
from fail2ban.server import datedetector, utils  # noqa: E402
from fail2ban.server.filter import Filter  # noqa: E402
from fail2ban.server.mytime import MyTime  # noqa: E402

NOW = 1124013600
NOW_TEXT = '2005-08-14T10:00:00'
HELPERS = {'matches', 'users', 'nofail-matches', 'mlfpending', 'mlfforget', 'ip'}
# The memory of connections goes by the wall clock otherwise.
utils.time = types.SimpleNamespace(time=lambda: NOW, sleep=time.sleep)
MyTime.setTime(NOW)
MyTime.setAlternateNow(NOW)


class Overrun(Exception):
    pass


def overrun(*_):
    raise Overrun()


signal.signal(signal.SIGALRM, overrun)


def fresh_dates():
    """A filter must not learn from the one before it."""
    datedetector.DD_patternCache.clear()
    datedetector.DateDetector._defCache = datedetector.DateDetectorCache()
    for template in datedetector.DateDetectorCache.DEFAULT_TEMPLATES:
        if not isinstance(template, str):
            template.hits = 0


def load(job):
    fresh_dates()
    made = Filter(None)
    made.returnRawHost = made.checkAllRegex = True
    made.checkFindTime = False
    reader = FilterReader(job['filter'], 'jail', job['options'], basedir=job['base'], share_config={})
    reader.read()
    reader.getOptions({})
    for command in reader.convert():
        values = command[3] if command[0] == 'multi-set' else [command[3]]
        for value in values:
            if command[2] == 'prefregex':
                made.prefRegex = value
            elif command[2] == 'addfailregex':
                made.addFailRegex(value)
            elif command[2] == 'addignoreregex':
                made.addIgnoreRegex(value)
            elif command[2] == 'maxlines':
                made.setMaxLines(value)
            elif command[2] == 'datepattern':
                made.setDatePattern(value)
    return made


def plain(value):
    return list(value) if isinstance(value, (tuple, set)) else value


def ask(made, job, line):
    signal.alarm(2)
    try:
        if job['journal']:
            found = made.processLine(('', NOW_TEXT, job['prefix'] + line), NOW)
        else:
            found = made.processLine(line)
    except Overrun:
        return 'overrun'
    except Exception as error:  # what fail2ban does not catch costs the line
        return 'error ' + type(error).__name__
    finally:
        signal.alarm(0)
    result = []
    for regex, fid, at, fail in found:
        ident = None if fid is None else fid.raw if isinstance(fid.raw, tuple) else str(fid)
        groups = {k: plain(v) for k, v in fail.items() if v is not None and k not in HELPERS}
        users = sorted(fail.get('users') or [])
        result.append([regex, plain(ident), at, len(fail.get('matches', [])), users, groups])
    return result


for text in sys.stdin:
    job = json.loads(text)
    made = load(job)
    print(json.dumps([ask(made, job, line) for line in job['lines']]), flush=True)
