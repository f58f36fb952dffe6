/** A whole number as Python's int() reads it: digits of any script, blanks around them. */
export function pythonNumber(text: string): number {
  let number = 0;
  for (const character of text.trim()) number = number * 10 + digit(character);
  return number;
}

function digit(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x80) return code - 0x30;
  // The mathematical digits are five runs without a gap; any other run is of ten.
  if (code >= 0x1d7ce && code <= 0x1d7ff) return (code - 0x1d7ce) % 10;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value += 1;
  return value;
}
