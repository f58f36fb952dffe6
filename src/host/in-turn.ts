/**
 * Does something for each of what comes, in its order, but not before what is at work now has been done: a
 * thousand lines written to a terminal must not stand between a log line and its ban.
 */
export function inTurn<T>(work: (one: T) => void): (one: T) => void {
  let waiting: T[] = [];
  return (one) => {
    waiting.push(one);
    if (waiting.length > 1) return;
    setImmediate(() => {
      const now = waiting;
      waiting = [];
      for (const each of now) work(each);
    });
  };
}
