// What the page of an export says, in the languages of the panel. Plain data.

export interface ExportTexts {
  readonly title: string
  readonly made: string
  readonly alsoJson: string
  readonly identities: string
  readonly conversation: string
  readonly ticket: string
  readonly thread: string
  readonly notes: string
  readonly beside: string
  readonly files: string
  readonly notReadable: string
  readonly nothing: string
  readonly you: string
  readonly bot: string
  readonly erased: string
}

const ALL: Readonly<Record<string, ExportTexts>> = {
  en: {
    title: 'What the help desk keeps of you',
    made: 'Made on',
    alsoJson: 'The same is beside this page as export.json, for programs.',
    identities: 'Known as',
    conversation: 'Conversation',
    ticket: 'ticket',
    thread: 'What was said and what happened',
    notes: 'What agents noted',
    beside: 'What is kept beside it',
    files: 'Files',
    notReadable: 'could not be read',
    nothing: 'Nothing is kept.',
    you: 'You',
    bot: 'Assistant (automatic)',
    erased: 'These words were erased.',
  },
  de: {
    title: 'Was der Helpdesk über Sie speichert',
    made: 'Erstellt am',
    alsoJson: 'Dasselbe liegt als export.json neben dieser Seite, für Programme.',
    identities: 'Bekannt als',
    conversation: 'Gespräch',
    ticket: 'Ticket',
    thread: 'Was gesagt wurde und was geschah',
    notes: 'Notizen der Mitarbeitenden',
    beside: 'Was außerdem gespeichert ist',
    files: 'Dateien',
    notReadable: 'konnte nicht gelesen werden',
    nothing: 'Es ist nichts gespeichert.',
    you: 'Sie',
    bot: 'Assistent (automatisch)',
    erased: 'Diese Worte wurden gelöscht.',
  },
  es: {
    title: 'Lo que el centro de ayuda guarda sobre usted',
    made: 'Creado el',
    alsoJson: 'Lo mismo está junto a esta página como export.json, para programas.',
    identities: 'Identificado como',
    conversation: 'Conversación',
    ticket: 'ticket',
    thread: 'Lo que se dijo y lo que ocurrió',
    notes: 'Notas de los agentes',
    beside: 'Qué más se guarda',
    files: 'Archivos',
    notReadable: 'no se pudo leer',
    nothing: 'No se guarda nada.',
    you: 'Usted',
    bot: 'Asistente (automático)',
    erased: 'Estas palabras se borraron.',
  },
  fr: {
    title: 'Ce que le service d’aide conserve à votre sujet',
    made: 'Créé le',
    alsoJson: 'Le même contenu se trouve à côté de cette page, dans export.json, pour les programmes.',
    identities: 'Connu sous',
    conversation: 'Conversation',
    ticket: 'ticket',
    thread: 'Ce qui a été dit et ce qui s’est passé',
    notes: 'Notes des agents',
    beside: 'Ce qui est conservé en plus',
    files: 'Fichiers',
    notReadable: 'n’a pas pu être lu',
    nothing: 'Rien n’est conservé.',
    you: 'Vous',
    bot: 'Assistant (automatique)',
    erased: 'Ces mots ont été effacés.',
  },
  pt: {
    title: 'O que a central de ajuda guarda sobre você',
    made: 'Criado em',
    alsoJson: 'O mesmo está ao lado desta página em export.json, para programas.',
    identities: 'Identificado como',
    conversation: 'Conversa',
    ticket: 'chamado',
    thread: 'O que foi dito e o que aconteceu',
    notes: 'Anotações dos agentes',
    beside: 'O que mais é guardado',
    files: 'Arquivos',
    notReadable: 'não pôde ser lido',
    nothing: 'Nada é guardado.',
    you: 'Você',
    bot: 'Assistente (automático)',
    erased: 'Estas palavras foram apagadas.',
  },
  ja: {
    title: 'ヘルプデスクが保存しているあなたの情報',
    made: '作成日時',
    alsoJson: '同じ内容が、プログラム用に export.json としてこのページの横にあります。',
    identities: '識別子',
    conversation: '会話',
    ticket: 'チケット',
    thread: '発言と出来事',
    notes: '担当者のメモ',
    beside: 'そのほかに保存されている情報',
    files: 'ファイル',
    notReadable: '読み取れませんでした',
    nothing: '保存されている情報はありません。',
    you: 'あなた',
    bot: 'アシスタント(自動)',
    erased: 'この発言は消去されました。',
  },
  ar: {
    title: 'ما يحتفظ به مكتب المساعدة عنك',
    made: 'أُنشئ في',
    alsoJson: 'المحتوى نفسه موجود بجانب هذه الصفحة في export.json للبرامج.',
    identities: 'معروف باسم',
    conversation: 'محادثة',
    ticket: 'تذكرة',
    thread: 'ما قيل وما حدث',
    notes: 'ملاحظات الموظفين',
    beside: 'ما يُحتفظ به أيضًا',
    files: 'الملفات',
    notReadable: 'تعذّرت قراءته',
    nothing: 'لا يُحتفظ بأي شيء.',
    you: 'أنت',
    bot: 'المساعد (آلي)',
    erased: 'مُحيت هذه الكلمات.',
  },
  he: {
    title: 'מה ששירות העזרה שומר עליך',
    made: 'נוצר ב־',
    alsoJson: 'אותו תוכן נמצא לצד דף זה בקובץ export.json, עבור תוכנות.',
    identities: 'מזוהה בתור',
    conversation: 'שיחה',
    ticket: 'פנייה',
    thread: 'מה שנאמר ומה שקרה',
    notes: 'הערות הנציגים',
    beside: 'מה עוד נשמר',
    files: 'קבצים',
    notReadable: 'לא ניתן היה לקרוא',
    nothing: 'לא נשמר דבר.',
    you: 'אתם',
    bot: 'עוזר (אוטומטי)',
    erased: 'המילים האלה נמחקו.',
  },
}

/** The nearest language; English where there is none. */
export function exportTexts(locale: string): {
  readonly language: string
  readonly direction: 'ltr' | 'rtl'
  readonly texts: ExportTexts
} {
  const wanted = locale.toLowerCase().split('-')[0] ?? 'en'
  const language = Object.hasOwn(ALL, wanted) ? wanted : 'en'
  return {
    language,
    direction: language === 'ar' || language === 'he' ? 'rtl' : 'ltr',
    texts: ALL[language] as ExportTexts,
  }
}
