/** Numbers of the shapes of assembly/shape.ts; `temporarily` is added to those of rejections. */
export const completed = 1;
export const refusedConnections = 2;
export const refusedFromAddress = 3;
export const rejectedRcpt = 4;
export const rejectedMail = 5;
export const rejectedData = 6;
export const temporarily = 3;
export const senderVerifyFail = 10;
export const syncGreeting = 11;
export const timeout = 12;
export const syncNext = 13;
export const droppedNonmail = 14;
export const droppedUnrecognized = 15;
export const droppedErrors = 16;
export const connectionOpen = 17;
export const connectionClosed = 18;
export const connectionLost = 19;
export const noMail = 20;
export const noHostName = 21;
export const disconnected = 22;
export const tlsError = 23;
export const refusedHost = 24;
export const heloInvalid = 25;
export const refusedReserve = 26;
export const authFailed = 27;
export const authFailedFlagged = 28;
export const arrival = 29;
export const arrivalLocal = 30;
export const failure = 31;
export const deferral = 32;
export const delivery = 33;

/** One more than the largest number of a shape. */
export const shapeCount = 34;
