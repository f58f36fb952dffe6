import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Duration } from '../base/duration.ts';
import { parseNetwork } from '../base/network.ts';
import type { Problem } from '../base/problem.ts';
import { fail, ok, type Result } from '../base/result.ts';
import type { Ban, RefusedBan } from '../guard/firewall/firewall.ts';
import { NullFirewall } from '../guard/firewall/null.ts';
import type { Clock } from '../host/clock.ts';
import { Enforcer, type TimedBan } from './enforcer.ts';

/** Each sleep moves it on; after so many of them the signal is aborted. */
class Hands implements Clock {
  at = 1_800_000_000_000;
  readonly stop = new AbortController();
  sleeps = 0;
  onSleep: (sleeps: number) => void = () => undefined;
  now(): number {
    return this.at;
  }
  async sleep(milliseconds: number): Promise<void> {
    this.at += milliseconds;
    this.sleeps += 1;
    this.onSleep(this.sleeps);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

class Fragile extends NullFirewall {
  batches: number[] = [];
  prepared = 0;
  broken = false;
  isThere = true;
  refused: string | undefined;
  override async prepare(): Promise<Result<void>> {
    this.prepared += 1;
    if (this.broken) return fail('missing', 'cannot run nft: it is not here');
    this.isThere = true;
    return await super.prepare();
  }
  override async isWhole(): Promise<Result<boolean>> {
    return await Promise.resolve(ok(this.isThere));
  }
  override async ban(bans: readonly Ban[]): Promise<Result<readonly RefusedBan[]>> {
    if (this.broken || !this.isThere) return fail('missing', 'cannot ban in the firewall: no table');
    this.batches.push(bans.length);
    const refused = bans.filter(({ target }) => target.text === this.refused);
    await super.ban(bans.filter((one) => !refused.includes(one)));
    return ok(refused.map((one) => ({ ban: one, problem: fail('unavailable', 'cannot ban it').problem })));
  }
  lose(): void {
    this.isThere = false;
    void super.remove();
  }
}

function setUp() {
  const clock = new Hands();
  const firewall = new Fragile(clock);
  const problems: string[] = [];
  const { signal } = clock.stop;
  const onProblem = ({ message }: Problem): void => void problems.push(message);
  const enforcer = new Enforcer({ firewall, clock, signal, onProblem });
  const inForce = async (): Promise<string[]> => {
    const listed = await firewall.list();
    return listed.ok ? listed.value.map(({ target }) => target.text).toSorted() : [];
  };
  const runFor = async (seconds: number): Promise<void> => {
    const until = clock.sleeps + seconds;
    const stop = new AbortController();
    clock.onSleep = (sleeps) => {
      if (sleeps >= until) clock.stop.abort();
    };
    await enforcer.run();
    stop.abort();
  };
  return { clock, firewall, problems, enforcer, inForce, runFor };
}

const timed = (clock: Hands, text: string, seconds = 3600): TimedBan => {
  const target = parseNetwork(text);
  assert.ok(target !== undefined);
  return { target, until: clock.at + seconds * 1000 };
};

test('Enforcer.keepAway() goes to a firewall that can, together with the bans of the moment', async () => {
  const { enforcer, firewall, inForce, problems } = setUp();
  const away: string[] = [];
  const target = parseNetwork('198.18.0.12');
  assert.ok(target !== undefined);
  enforcer.keepAway([{ target, bantime: 2000 as Duration }]);
  await enforcer.settled();
  assert.deepEqual(await enforcer.calls(), ok([]), 'one that cannot has nobody calling');
  Object.assign(firewall, {
    keepAway: async (targets: readonly Ban[]) => {
      away.push(...targets.map(({ target: { text } }) => text));
      return await Promise.resolve(ok());
    },
  });
  enforcer.keepAway([{ target, bantime: 2000 as Duration }]);
  enforcer.add([{ target, until: 1_800_000_060_000 }]);
  await enforcer.settled();
  assert.deepEqual([away, await inForce()], [['198.18.0.12'], ['198.18.0.12']]);
  Object.assign(firewall, {
    keepAway: async () => await Promise.resolve(fail('unavailable', 'cannot refuse')),
  });
  for (let time = 0; time < 2; time += 1) {
    enforcer.keepAway([{ target, bantime: 2000 as Duration }]);
    await enforcer.settled();
  }
  assert.deepEqual(problems, ['cannot refuse'], 'told of once');
});

test('Enforcer bans what comes together in one batch, and never what is over', async () => {
  const { clock, firewall, enforcer, inForce } = setUp();
  enforcer.add([timed(clock, '198.18.0.1'), timed(clock, '2001:db8::/64')]);
  enforcer.add([timed(clock, '198.18.0.2'), timed(clock, '198.18.0.3', -1)]);
  await enforcer.settled();
  assert.deepEqual(firewall.batches, [3]);
  assert.deepEqual(await inForce(), ['198.18.0.1', '198.18.0.2', '2001:db8::/64']);
  enforcer.lift([timed(clock, '198.18.0.1').target]);
  await enforcer.settled();
  assert.deepEqual(await inForce(), ['198.18.0.2', '2001:db8::/64']);
  assert.equal(enforcer.inForce().length, 2);
});

test('Enforcer puts back what somebody has flushed, and says so', async () => {
  const { clock, firewall, enforcer, inForce, runFor, problems } = setUp();
  enforcer.add([timed(clock, '198.18.0.1'), timed(clock, '198.18.0.2')]);
  await enforcer.settled();
  firewall.lose();
  await runFor(2);
  assert.deepEqual(await inForce(), ['198.18.0.1', '198.18.0.2']);
  assert.equal(problems.length, 1);
  assert.match(problems[0] ?? '', /somebody else took 2 of 2 out$/);
});

test('Enforcer finds single bans that went missing within 5 s', async () => {
  const { clock, firewall, enforcer, inForce, runFor } = setUp();
  enforcer.add([timed(clock, '198.18.0.1'), timed(clock, '198.18.0.2')]);
  await enforcer.settled();
  await firewall.unban([timed(clock, '198.18.0.1').target]);
  await runFor(6);
  assert.deepEqual(await inForce(), ['198.18.0.1', '198.18.0.2']);
});

test('Enforcer tells of a refused ban once, and of the others nothing', async () => {
  const { clock, firewall, enforcer, inForce, runFor, problems } = setUp();
  firewall.refused = '198.18.0.1';
  enforcer.add([timed(clock, '198.18.0.1'), timed(clock, '198.18.0.2')]);
  await enforcer.settled();
  assert.deepEqual(await inForce(), ['198.18.0.2']);
  assert.deepEqual(problems, ['cannot ban it']);
  await runFor(30);
  assert.deepEqual(problems, ['cannot ban it']);
});

test('Enforcer waits for a firewall that fails, and loses no ban', async () => {
  const { clock, firewall, enforcer, inForce, problems } = setUp();
  firewall.broken = true;
  clock.onSleep = (sleeps) => {
    if (sleeps === 3) firewall.broken = false;
  };
  enforcer.add([timed(clock, '198.18.0.1')]);
  await enforcer.settled();
  assert.deepEqual(await inForce(), ['198.18.0.1']);
  assert.deepEqual(problems, ['cannot run nft: it is not here']);
});

function left(clock: Clock, ban: TimedBan): TimedBan & Ban {
  return { ...ban, bantime: (ban.until - clock.now()) as Duration };
}

test('Enforcer restores what is missing, each as long as its longest ban', async () => {
  const { clock, firewall, enforcer, inForce } = setUp();
  const [there, missing, over] = ['198.18.0.1', '198.18.0.2', '198.18.0.4'].map((text) =>
    timed(clock, text),
  ) as [TimedBan, TimedBan, TimedBan];
  await firewall.ban([{ target: there.target, bantime: 3_600_000 as never }]);
  const bans = [there, missing, { ...missing, until: clock.at + 1000 }, { ...over, until: clock.at - 1 }];
  assert.deepEqual(await enforcer.restore(bans.map((ban) => left(clock, ban))), { ok: true, value: 1 });
  assert.deepEqual(await inForce(), ['198.18.0.1', '198.18.0.2']);
  assert.deepEqual(
    enforcer.inForce().map(({ until }) => until),
    [there.until, missing.until],
  );
});

test('Enforcer restores into an empty firewall at once, and knows of it a turn later', async () => {
  const { clock, firewall, enforcer, inForce } = setUp();
  const bans = ['198.18.0.1', '198.18.0.2'].map((text) => left(clock, timed(clock, text)));
  assert.deepEqual(await enforcer.restore(bans), { ok: true, value: 2 });
  assert.deepEqual(await inForce(), ['198.18.0.1', '198.18.0.2']);
  assert.deepEqual(firewall.batches, [2]);
  // Taken back before anything else: it must not come again.
  enforcer.lift(bans.slice(0, 1).map(({ target }) => target));
  await enforcer.settled();
  assert.deepEqual(
    enforcer.inForce().map(({ target: { text } }) => text),
    ['198.18.0.2'],
  );
  assert.deepEqual(await inForce(), ['198.18.0.2']);
});
