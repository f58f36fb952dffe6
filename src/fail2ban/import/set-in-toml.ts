/** Sets one text of one table in a settings file, and leaves every other byte as it is. */
export function setInToml(text: string, table: string, key: string, value: string): string {
  const line = `${key} = ${JSON.stringify(value)}`;
  const lines = text.split('\n');
  const start = lines.findIndex((each) => each.replace(/\s|#.*/g, '') === `[${table}]`);
  if (start === -1) {
    const before = text === '' || text.endsWith('\n') ? text : `${text}\n`;
    return `${before}${before === '' ? '' : '\n'}[${table}]\n${line}\n`;
  }
  const length = lines.slice(start + 1).findIndex((each) => /^\s*\[/.test(each));
  const end = length === -1 ? lines.length : start + 1 + length;
  const found = lines.findIndex(
    (each, place) => place > start && place < end && new RegExp(`^\\s*"?${key}"?\\s*=`).test(each),
  );
  if (found === -1) lines.splice(start + 1, 0, line);
  else lines[found] = line;
  return lines.join('\n');
}
