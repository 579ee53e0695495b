import type { CodecName } from '../model/account.ts';
import type { Codec } from './codec.ts';
import { json } from './json.ts';
import { xml } from './xml.ts';
import { xurl } from './xurl.ts';

/** By the name an account's settings call them. */
export const codecs: Readonly<Record<CodecName, Codec>> = { json, xml, xurl };
