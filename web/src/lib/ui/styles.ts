/**
 * Turns style attributes of the server's HTML into `data-style`. The content security policy refuses the attribute;
 * set through the document's object model, the same style is allowed.
 */
export function withoutStyles(html: string): string {
  // Text and attributes are escaped by the server, so `<` begins a tag and `"` ends a value.
  return html.replace(/<[a-z][^>]*>/g, (tag) => tag.replace(/ style="/g, ' data-style="'));
}
