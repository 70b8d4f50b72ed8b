import { dictionary } from '$lib/i18n/language.svelte';

import { en } from './en';
import { zh } from './zh';

/** The words of the teaching pages. */
export const w = dictionary(zh, en);
