/** A time zone as a log writes it (`+0200`, `CEST`, `UTC+01:00`), in minutes ahead of UTC; abbreviations never switch. */

import { asciiDigits } from './ascii-digits.ts';

/** Hours ahead of UTC, and the abbreviations that stand for it; the first letter of most is the military one. */
const hours: readonly (readonly [number, string])[] = [
  [0, 'Z EGST GMT UTC WET WT'],
  [1, 'A CET DFT WAT WEDT WEST'],
  [2, 'B CAT CEDT CEST EET SAST WAST'],
  [3, 'C EAT EEDT EEST IDT MSK'],
  [4, 'D AMT AZT GET GST KUYT MSD MUT RET SAMT SCT'],
  [5, 'E AMST AQTT AZST HMT MAWT MVT PKT TFT TJT TMT UZT YEKT'],
  [6, 'F ALMT BIOT BTT IOT KGT NOVT OMST YEKST'],
  [7, 'G CXT DAVT HOVT ICT KRAT NOVST OMSST THA WIB'],
  [8, 'H ACT AWST BDT BNT CAST HKT IRKT KRAST MYT PHT SGT ULAT WITA WST'],
  [9, 'I AWDT IRKST JST KST PWT TLT WDT WIT YAKT'],
  [10, 'K AEST PGT VLAT YAKST YAPT'],
  [11, 'L AEDT LHDT MAGT NCT PONT SBT VLAST VUT'],
  [12, 'M ANAST ANAT FJT GILT MAGST MHT NZST PETST PETT TVT WFT'],
  [13, 'FJST NZDT'],
  [-1, 'N AZOT CVT EGT'],
  [-2, 'O BRST FNT PMDT UYST WGST'],
  [-3, 'P ADT ART BRT CLST FKST GFT HAA PMST PYST SRT UYT WGT'],
  [-4, 'Q AST BOT CLT COST EDT FKT GYT HAE HNA PYT'],
  [-5, 'R CDT COT EASST ECT EST ET HAC HNE PET'],
  [-6, 'S CST EAST GALT HAR HNC MDT'],
  [-7, 'T HAP HNR MST PDT'],
  [-8, 'U AKDT CIST HAY HNP PST PT'],
  [-9, 'V AKST GAMT GIT HADT HNY'],
  [-10, 'W CKT HAST HST TAHT TKT'],
  [-11, 'X NUT SST'],
  [-12, 'Y'],
  [11.5, 'NFT'],
  [10.5, 'ACDT LHST'],
  [9.5, 'ACST'],
  [6.5, 'CCT MMT'],
  [5.75, 'NPT'],
  [5.5, 'SLT'],
  [4.5, 'AFT IRDT'],
  [3.5, 'IRST'],
  [-2.5, 'HAT NDT'],
  [-3.5, 'HNT NST NT'],
  [-4.5, 'HLV VET'],
  [-9.5, 'MART MIT'],
];

const minutes = new Map(
  hours.flatMap(([ahead, names]) => names.split(' ').map((name) => [name, ahead * 60] as const)),
);

/** Undefined where it is none that is known. */
export function zoneOffset(text: string): number | undefined {
  const [whole, name = '', sign, hour = '', minute = '0'] =
    /^([A-Z](?:[A-Z]{2,4})?)?(?:([+-])([01]\d)(?::?(\d{2}))?)?$/.exec(asciiDigits(text)) ?? [];
  if (whole === undefined) return undefined;
  const base = name === '' ? 0 : minutes.get(name);
  if (base === undefined) return undefined;
  if (sign === undefined) return base;
  return base + (sign === '-' ? -1 : 1) * (Number(hour) * 60 + Number(minute));
}
