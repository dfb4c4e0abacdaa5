/** Without the marks that turn the direction of writing: `invoice\u202efdp.exe` would be shown as `invoiceexe.pdf`. */
export const straight = (name: string): string => name.replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
