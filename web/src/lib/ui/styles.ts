/** Turns style attributes of the server's HTML into `data-style`, so that the browser does not refuse them. */
export function withoutStyles(html: string): string {
  // Text and attributes are escaped by the server, so `<` begins a tag and `"` ends a value.
  return html.replace(/<[a-z][^>]*>/g, (tag) => tag.replace(/ style="/g, ' data-style="'));
}
