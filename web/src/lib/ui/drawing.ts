/** What a page needs to know of a drawing that the host made: its size and what it says to those who cannot see it. */

export interface Described {
  width: number;
  height: number;
  text: string;
}

const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

function plain(markup: string): string {
  return markup.replace(/&(?:#(\d+)|#x([\da-f]+)|(\w+));/gi, (whole, decimal, hex, name: string | undefined) => {
    if (decimal) return String.fromCodePoint(Number(decimal));
    if (hex) return String.fromCodePoint(parseInt(hex, 16));
    return NAMED[name ?? ''] ?? whole;
  });
}

/** Reads the size and the first title and description of an SVG. */
export function describe(svg: string): Described {
  const box = /viewBox="([-\d.]+) ([-\d.]+) ([\d.]+) ([\d.]+)"/.exec(svg);
  const texts = [/<title[^>]*>([^<]*)<\/title>/, /<desc[^>]*>([^<]*)<\/desc>/].flatMap((pattern) => {
    const found = pattern.exec(svg)?.[1]?.trim();
    return found ? [plain(found)] : [];
  });
  return { width: Number(box?.[3] ?? 640), height: Number(box?.[4] ?? 480), text: texts.join('. ') };
}
