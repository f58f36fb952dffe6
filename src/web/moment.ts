/** Times as people read them, in the browser's own zone. */
const day = 86_400_000;

export function moment(at: number): string {
  const when = new Date(at);
  const time = when.toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  });
  const isToday = new Date().toDateString() === when.toDateString();
  return isToday
    ? time
    : `${when.toLocaleDateString([], { year: 'numeric', month: 'short', day: 'numeric' })} ${time}`;
}

/** `3 d`, `2 h 5 min`, `40 s`. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 90) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.round(minutes / 60);
  return hours < 72 ? `${hours} h` : `${Math.floor(ms / day)} d`;
}
