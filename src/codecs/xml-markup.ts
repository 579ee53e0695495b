/**
 * XML's pieces of markup, each for itself: tags, comments, sections, instructions and the declaration. fast-xml-parser's
 * validator looks at how tags fit each other and takes most of what stands within a piece as it comes. One pass in linear time.
 */

/** XML 1.0, productions NameStartChar [4] and NameChar [4a]. */
const NAME_START =
  ':A-Z_a-z\\xC0-\\xD6\\xD8-\\xF6\\xF8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
const NAME = `[${NAME_START}][${NAME_START}\\-.0-9\\xB7\\u0300-\\u036F\\u203F\\u2040]*`;
const SPACE = '[ \\t\\n\\r]';
const EQUALS = `${SPACE}*=${SPACE}*`;

/** Production XMLDecl [23]: each part in its place, at the very beginning. */
const DECLARATION = new RegExp(
  `<\\?xml${SPACE}+version${EQUALS}(?:"1\\.\\d+"|'1\\.\\d+')` +
    `(?:${SPACE}+encoding${EQUALS}(?:"[A-Za-z][\\w.-]*"|'[A-Za-z][\\w.-]*'))?` +
    `(?:${SPACE}+standalone${EQUALS}(?:"(?:yes|no)"|'(?:yes|no)'))?${SPACE}*\\?>`,
  'y',
);
/** Production PI [16]: "xml" is no name for one, in whatever case. */
const INSTRUCTION = new RegExp(`<\\?(?![Xx][Mm][Ll][ \\t\\n\\r?])${NAME}(?:\\?>|${SPACE}[\\s\\S]*?\\?>)`, 'uy');
const START = new RegExp(`<${NAME}`, 'uy');
/** Production Attribute [41], white space before it included. */
const ATTRIBUTE = new RegExp(`${SPACE}+${NAME}${EQUALS}(?:"[^<"]*"|'[^<']*')`, 'uy');
const START_END = new RegExp(`${SPACE}*/?>`, 'y');
const END_TAG = new RegExp(`</${NAME}${SPACE}*>`, 'uy');

/** What isn't XML in a text without document types, and where; undefined where each piece for itself is well-formed. */
export function findMarkupFault(text: string): { readonly what: string; readonly at: number } | undefined {
  let at = endOf(DECLARATION, text, 0) ?? 0;
  while (at < text.length) {
    const markup = text.indexOf('<', at);
    const textEnd = markup === -1 ? text.length : markup;
    const sectionEnd = text.slice(at, textEnd).indexOf(']]>');
    if (sectionEnd !== -1) return { what: 'the end of a CDATA section without its beginning', at: at + sectionEnd };
    if (markup === -1) return undefined;
    const piece = pieceAt(text, markup);
    const end = piece.end(text, markup);
    if (end === undefined) return { what: piece.otherwise, at: markup };
    at = end;
  }
  return undefined;
}

interface Piece {
  readonly otherwise: string;
  /** Where it ends; undefined where it isn't well-formed. */
  readonly end: (text: string, start: number) => number | undefined;
}

const COMMENT: Piece = {
  otherwise: 'a comment that is unclosed or has two hyphens within',
  end: (text, start) => {
    const hyphens = text.indexOf('--', start + '<!--'.length);
    return hyphens !== -1 && text[hyphens + 2] === '>' ? hyphens + 3 : undefined;
  },
};
const SECTION: Piece = {
  otherwise: 'an unclosed CDATA section',
  end: (text, start) => {
    const close = text.indexOf(']]>', start);
    return close === -1 ? undefined : close + 3;
  },
};
/** Document types and declarations have their own refusal. */
const OTHER_DECLARATION: Piece = { otherwise: '', end: (_, start) => start + 2 };
const INSTRUCTION_PIECE: Piece = {
  otherwise: 'an instruction that is broken, or an XML declaration that is broken or out of its place',
  end: (text, start) => endOf(INSTRUCTION, text, start),
};
const END_TAG_PIECE: Piece = { otherwise: 'a broken closing tag', end: (text, start) => endOf(END_TAG, text, start) };
const START_TAG_PIECE: Piece = {
  otherwise: 'a broken tag',
  end: (text, start) => {
    let end = endOf(START, text, start);
    // Attribute by attribute: one expression for all of them would need a stack as long as the tag.
    for (let next = end; next !== undefined; next = endOf(ATTRIBUTE, text, next)) end = next;
    return end === undefined ? undefined : endOf(START_END, text, end);
  },
};

function pieceAt(text: string, start: number): Piece {
  switch (text[start + 1]) {
    case '!':
      if (text.startsWith('--', start + 2)) return COMMENT;
      return text.startsWith('[CDATA[', start + 2) ? SECTION : OTHER_DECLARATION;
    case '?':
      return INSTRUCTION_PIECE;
    case '/':
      return END_TAG_PIECE;
    default:
      return START_TAG_PIECE;
  }
}

function endOf(sticky: RegExp, text: string, start: number): number | undefined {
  sticky.lastIndex = start;
  return sticky.test(text) ? sticky.lastIndex : undefined;
}
