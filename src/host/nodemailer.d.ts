/** What we use of nodemailer, which brings no types: https://nodemailer.com/smtp/ */
declare module 'nodemailer' {
  export interface Transport {
    sendMail(mail: {
      readonly from: string;
      readonly to: string;
      readonly subject: string;
      readonly text: string;
      readonly headers: Readonly<Record<string, string>>;
    }): Promise<unknown>;
    close(): void;
  }

  export function createTransport(options: {
    readonly host: string;
    readonly port: number;
    readonly secure: boolean;
    readonly tls: { readonly rejectUnauthorized: boolean };
    readonly connectionTimeout: number;
    readonly greetingTimeout: number;
    readonly socketTimeout: number;
    readonly disableFileAccess: boolean;
    readonly disableUrlAccess: boolean;
  }): Transport;
}
