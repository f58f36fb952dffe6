/** The suite is to be short: what says the same again, at length, runs each night (npm run nightly). */
export const nightly: boolean = process.env['PORTREEVE_NIGHTLY'] !== undefined;

/** The reason for which a test is left out of the suite; false at night. */
export const eachNight: string | false = nightly ? false : 'each night: npm run nightly';
