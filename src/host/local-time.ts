/** The minute of the day in this machine's own time zone. */
export function minuteOfDay(at: number): number {
  const when = new Date(at);
  return when.getHours() * 60 + when.getMinutes();
}
