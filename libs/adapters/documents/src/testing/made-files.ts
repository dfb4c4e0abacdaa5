import { strToU8, zipSync } from 'fflate';

/** Files of the binary formats, made by hand so that tests know every byte. */

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A zip of these parts; texts are XML. */
export const zipOf = (parts: Readonly<Record<string, string | Uint8Array>>): Uint8Array =>
  zipSync(
    Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [name, typeof part === 'string' ? strToU8(part) : part]),
    ),
  );

const declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const officeNamespace = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

/** `{ rId1: ['slide', 'slides/slide1.xml'] }` as a relationships part. */
export const relationshipsPart = (
  all: Readonly<Record<string, readonly [type: string, target: string]>>,
): string =>
  `${declaration}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${Object.entries(
    all,
  )
    .map(
      ([id, [type, target]]) =>
        `<Relationship Id="${id}" Type="${officeNamespace}/${type}" Target="${target}"/>`,
    )
    .join('')}</Relationships>`;

export const corePart = (title: string): string =>
  `${declaration}<cp:coreProperties xmlns:cp="c" xmlns:dc="d"><dc:title>${title}</dc:title></cp:coreProperties>`;

/** A Word file with this body XML (in the `w` namespace); `prolog` goes before the root element. */
export const docxOf = (
  body: string,
  extra: Readonly<Record<string, string | Uint8Array>> = {},
  prolog = '',
): Uint8Array =>
  zipOf({
    '[Content_Types].xml': `${declaration}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`,
    '_rels/.rels': relationshipsPart({ rId1: ['officeDocument', 'word/document.xml'] }),
    'word/document.xml': `${declaration}${prolog}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${body}</w:body></w:document>`,
    ...extra,
  });

export const wordParagraph = (text: string, style?: string): string =>
  `<w:p>${style ? `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>` : ''}<w:r><w:t>${text}</w:t></w:r></w:p>`;

/** Slides with these shapes (in the `p` and `a` namespaces), shown in reverse order of their file names. */
export function pptxOf(slides: readonly string[], extra: Readonly<Record<string, string>> = {}): Uint8Array {
  const names = slides.map((_, i) => `slide${slides.length - i}.xml`);
  const ids = names.map((_, i) => `rId${i + 1}`);
  return zipOf({
    'ppt/presentation.xml': `<p:presentation xmlns:p="p" xmlns:r="r"><p:sldIdLst>${ids.map((id, i) => `<p:sldId id="${256 + i}" r:id="${id}"/>`).join('')}</p:sldIdLst></p:presentation>`,
    'ppt/_rels/presentation.xml.rels': relationshipsPart(
      Object.fromEntries(ids.map((id, i) => [id, ['slide', `slides/${names[i] ?? ''}`] as const])),
    ),
    ...Object.fromEntries(
      slides.map((shapes, i) => [
        `ppt/slides/${names[i] ?? ''}`,
        `<p:sld xmlns:p="p" xmlns:a="a"><p:cSld><p:spTree>${shapes}</p:spTree></p:cSld></p:sld>`,
      ]),
    ),
    ...extra,
  });
}

export const slideShape = (placeholder: string | undefined, ...paragraphs: readonly string[]): string =>
  `<p:sp><p:nvSpPr><p:cNvPr id="2" name="x"/><p:nvPr>${placeholder ? `<p:ph type="${placeholder}"/>` : ''}</p:nvPr></p:nvSpPr><p:txBody>${paragraphs
    .map((text) => `<a:p><a:r><a:t>${text}</a:t></a:r></a:p>`)
    .join('')}</p:txBody></p:sp>`;

export interface SheetXml {
  readonly name: string;
  readonly state?: string;
  /** `<row>` elements. */
  readonly rows: string;
}

export const xlsxOf = (
  sheets: readonly SheetXml[],
  extra: Readonly<Record<string, string>> = {},
): Uint8Array =>
  zipOf({
    'xl/workbook.xml': `<workbook xmlns:r="r"><sheets>${sheets
      .map(
        ({ name, state }, i) =>
          `<sheet name="${name}" sheetId="${i + 1}" ${state ? `state="${state}"` : ''} r:id="rId${i + 1}"/>`,
      )
      .join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': relationshipsPart({
      ...Object.fromEntries(
        sheets.map((_, i) => [`rId${i + 1}`, ['worksheet', `worksheets/sheet${i + 1}.xml`] as const]),
      ),
      rId90: ['sharedStrings', 'sharedStrings.xml'],
      rId91: ['styles', 'styles.xml'],
    }),
    ...Object.fromEntries(
      sheets.map(({ rows }, i) => [
        `xl/worksheets/sheet${i + 1}.xml`,
        `<worksheet><sheetData>${rows}</sheetData></worksheet>`,
      ]),
    ),
    ...extra,
  });
