import { dictionary } from '$lib/i18n/language.svelte';

import { en } from './en';
import { zh } from './zh';

/** The page's own words: `t().nav.home`. */
export const t = dictionary(zh, en);
