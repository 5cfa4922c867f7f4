// What published bundles leave out of six libraries, because tree shaking cannot see that nobody uses it:
//   preact            components that are classes or have a state, contexts, portals, suspense, MathML, styles as
//                     objects and HTML as a string, refs that are functions, markup that is there already, options:
//                     the faces are functions with hooks and signals, drawn into an empty element of their own
//   preact/hooks      what stood in the places of its options before
//   @preact/signals   binding a signal to a text or an attribute: components read values
//   signals-core      signals as texts, watchers, models and names: values are read in effects, or subscribed to
//   socket.io-client  and what it stands on: `live/socketTransport` asks for a WebSocket only, with an HTTP ladder of
//                     its own under it; it sends and takes JSON, never bytes; it reconnects and retries by itself
//   marked            parser, renderer and the default instance: `knowledge/fromMarkdown` uses the lexer only
// Each cut names the text or the methods that it expects. A release that looks otherwise fails the build instead of
// growing it in silence, or breaking a page. What npm installs is untouched: there these packages stay outside.

const CUTS = [
  {
    inside: '/preact/dist/',
    file: 'preact.mjs',
    texts: [
      // Suspense, and taking up again what a server drew.
      ['128&u.__u&&(c=32&u.__u,s=u.__c.__z)&&(r.__u|=c,p=o=[],8==s.nodeType?l=B(s,o):o.push(s),l=o[0]||l),'],
      ['p&&p.some(g),'],
      [
        'if(e.length=v,r.__v=null,c||o)if(t&&t.then){if(r.__u|=128|c,o){for(~(T=o.indexOf(l||void 0))||(T=o.length);(N=o[T-1])&&8==N.nodeType;)T--;for(;T<o.length;T++)if(N=o[T])if(o[T]=null,O){if(N==P)break}else{if(8!=N.nodeType)break;N.data.startsWith("$s")&&(P=B(O=N))}}if(!O){for(;l&&8==l.nodeType&&l.nextSibling;)l=l.nextSibling;O=l}(s=B(O=r.__c.__z||(r.__c.__z=O)))?(r.__e=O,l=s):r.__e=l,l=l&&l.nextSibling}else o&&o.some(g);else r.__e=u.__e;',
        'e.length=v,r.__v=null,r.__e=u.__e;',
      ],
      ['t&&t.then||D(r)', 'D(r)'],
      ['!u&&(i=t.__c)&&(i=i.__z)&&(f=B(i,o=[]))&&(i==t.__e&&o.some(g),g(f),g(i)),'],
      ['&&!t.data.startsWith("$s")'],
      // Classes and contexts.
      ['C=(s=V.prototype)&&s.render,j=(s=V.contextType)&&i[s.__c],L=s?j?j.props.value:s.__:i,', 'L=i,'],
      [
        '(C?r.__c=d=new V(M,L):(r.__c=d=new x(M,L),d.constructor=V,d.render=K),j&&j.sub(d),',
        '(r.__c=d=new x(M,L),d.constructor=V,d.render=K,',
      ],
      [
        'C&&(d.__s||(d.__s=d.state),V.getDerivedStateFromProps&&(d.__s==d.state&&(d.__s=_({},d.__s)),_(d.__s,V.getDerivedStateFromProps(M,d.__s)))),',
      ],
      [
        'M!==k&&C&&!V.getDerivedStateFromProps&&d.componentWillReceiveProps&&d.componentWillReceiveProps(M,L),',
      ],
      [
        'd.componentWillUpdate&&d.componentWillUpdate(M,d.__s,L),C&&d.componentDidUpdate&&d.__h.push(function(){d.componentDidUpdate(k,b,m)})}else C&&!V.getDerivedStateFromProps&&d.componentWillMount&&d.componentWillMount(),C&&d.componentDidMount&&d.__h.push(d.componentDidMount);',
        '}',
      ],
      ['k=d.props,b=d.state,'],
      ['q=C?25:0;', 'q=0;'],
      ['C&&(y.push.apply(d.__h,d.__k),d.__k=[]),'],
      [
        'd.getChildContext&&(i=_({},i,d.getChildContext())),C&&u.__c&&d.getSnapshotBeforeUpdate&&(m=d.getSnapshotBeforeUpdate(k,b)),',
      ],
      ['if(i.componentWillUnmount)try{i.componentWillUnmount()}catch(t){n.__e(t,r)}'],
      [
        'function(n,t,r,u){for(var i,o,e;t=t.__;)if((i=t.__c)&&!(1&i.__g)){i.__g|=4;try{if((e=(o=i.constructor)&&o.getDerivedStateFromError)&&i.setState(o.getDerivedStateFromError(n)),i.componentDidCatch&&(i.componentDidCatch(n,u||{}),e=1),e&&8&i.__g)return void(i.__g|=2)}catch(t){n=t}}throw f=0,n}',
        'function(n,t){for(var i;t=t.__;)(i=t.__c)&&!(1&i.__g)&&(i.__g|=4);throw f=0,n}',
      ],
      // Portals.
      ['"function"!=typeof n.type||n.props.__P?', '"function"!=typeof n.type?'],
      ['n.__c&&!n.props.__P', 'n.__c'],
      ['if(n.props.__P)return t;'],
      [
        'M.__P&&(s=l,f=(t=M.__P).namespaceURI,c=o=null,u.props&&u.props.__P!=t&&(u.__k.some(function(n){n&&J(n,n)}),u.__k=null),l=u.__k?S(u,0):null),',
      ],
      ['M.__P&&(r.__e=null,l=s),'],
      ['u&&!t.props.__P', 'u'],
      // Styles as objects: ours are classes.
      [
        'if("style"==t)if("string"==typeof r)n.style.cssText=r;else{if("string"==typeof u&&(n.style.cssText=u=""),u)for(t in u)r&&t in r||T(n.style,t);if(r)for(t in r)u&&r[t]==u[t]||T(n.style,t,r[t])}else if("o"==t[0]',
        'if("o"==t[0]',
      ],
      // Other languages than HTML and the paths of icons, and HTML as a string.
      ['"math"==C?f="http://www.w3.org/1998/Math/MathML":'],
      [
        '("foreignObject"==C||"http://www.w3.org/1998/Math/MathML"==f&&v.test(C))&&(f="http://www.w3.org/1999/xhtml"),',
      ],
      [
        '"http://www.w3.org/2000/svg"==i)t=t.replace(/xlink(H|:h)/,"h").replace(/sName$/,"s");else if(',
        '"http://www.w3.org/2000/svg"!=i&&',
      ],
      ['"dangerouslySetInnerHTML"==s?y=k:'],
      ['"dangerouslySetInnerHTML"==s?h=k:'],
      [
        'h?(l||y&&(h.__html==y.__html||h.__html==t.innerHTML)||(t.innerHTML=h.__html),r.__k=[]):(y&&(t.textContent=""),',
        '(',
      ],
      // Markup that is there already, globally known contexts and custom elements: what we draw into is empty.
      [
        'function Q(t,r){var u,i,f,o;n.__&&n.__(t,r),9==r.nodeType&&(r=r.documentElement),i=(u=t&&32&t.__u)?null:r.__k,r.__k=m($,{children:[t]}),f=[],o=[],z(r,r.__k,i||p,p,r.namespaceURI,i?null:r.firstChild?d.call(r.childNodes):null,f,i?i.__e:r.firstChild,u,o)',
        'function Q(t,r){var i=r.__k,f=[],o=[];r.__k=m($,{children:[t]}),z(r,r.__k,i||p,r.namespaceURI,f,i&&i.__e,o)',
      ],
      ['t.__n,e.namespaceURI,32&u.__u?[i]:null,f,i||S(u),32&u.__u,o)', 'e.namespaceURI,f,i||S(u),o)'],
      ['function I(n,t,r,u,i,f,o,e,l,c,a)', 'function I(n,t,r,u,f,e,l,a)'],
      ['z(n,v,h,i,f,o,e,l,c,a)', 'z(n,v,h,f,e,l,a)'],
      ['function z(t,r,u,i,f,o,e,l,c,a)', 'function z(t,r,u,f,e,l,a)'],
      ['I(t,w(A)?A:[A],r,u,i,f,o,e,l,c,a)', 'I(t,w(A)?A:[A],r,u,f,e,l,a)'],
      ['F(u.__e,r,u,i,f,o,e,c,a,t)', 'F(u.__e,r,u,f,e,a,t)'],
      ['function F(t,r,u,i,f,o,e,l,c,a)', 'function F(t,r,u,f,e,c,a)'],
      [
        'if("svg"==C?f="http://www.w3.org/2000/svg":f||(f="http://www.w3.org/1999/xhtml"),o)for(s=0;s<o.length;s++)if((k=o[s])&&(C?k.localName==C:3==k.nodeType)){t=k,o[s]=null;break}if(!t){if(M=a.ownerDocument||document,',
        'if("svg"==C&&(f="http://www.w3.org/2000/svg"),!t){if(M=a.ownerDocument,',
      ],
      ['t=M.createElementNS(f,C,x.is?x:a),l&&(n.__m&&n.__m(r,o),l=!1),o=null}', 't=M.createElementNS(f,C)}'],
      [
        'if(C){if(a="template"==C&&t.content||t,o="textarea"==C&&null!=x.defaultValue?null:o&&d.call(a.childNodes),!l&&o)for($={},s=0;s<t.attributes.length;s++)$[(k=t.attributes[s]).name]=k.value;for(s in $)',
        'if(C){for(s in $)',
      ],
      ['l&&"function"!=typeof k||$[s]===k', '$[s]===k'],
      [
        '(I(a,w(_)?_:[_],r,u,i,f,o,e,o?o[0]:u.__k&&S(u,0),l,c),o&&o.some(g)),',
        'I(t,w(_)?_:[_],r,u,f,e,u.__k&&S(u,0),c),',
      ],
      ['l&&t.data==x||'],
      [
        'l&&"textarea"!=C||(s="value","progress"==C&&null==b?t.removeAttribute(s):null==b||b===t[s]&&("progress"!=C||b)||N(t,s,b,$[s],f),s="checked",null!=m&&m!=t[s]&&N(t,s,m,$[s],f))',
        's="value",null==b||b===t[s]||N(t,s,b,$[s],f),s="checked",null!=m&&m!=t[s]&&N(t,s,m,$[s],f)',
      ],
      ['||"value"==s&&"defaultValue"in x||"checked"==s&&"defaultChecked"in x'],
      [
        'o=n.__e,e=t;e&&8==e.nodeType;)e=e.nextSibling;for(o!=e&&(!u&&r.moveBefore&&o.parentNode?r.moveBefore(o,t):r.insertBefore(o,t||null)),t=o;(t=t&&t.nextSibling)&&8==t.nodeType;);return t}',
        'o=n.__e;o!=t;t=o)!u&&r.moveBefore&&o.parentNode?r.moveBefore(o,t):r.insertBefore(o,t||null);return o.nextSibling}',
      ],
      // State of its own: hooks and signals keep theirs, and ask for nothing but to be drawn again.
      ['M=r.props,L=i,(d=u.__c)', 'M=r.props,(d=u.__c)'],
      [
        'new x(M,L),d.constructor=V,d.render=K,d.state||(d.state={}),d.__n=i,d.__g|=8,d.__h=[],d.__k=[])',
        'new x(M),d.constructor=V,d.render=K,d.__g|=8,d.__h=[])',
      ],
      ['shouldComponentUpdate(M,d.__s,L)', 'shouldComponentUpdate(M)'],
      ['(d.props=M,d.state=d.__s,d.__g&=-9)', '(d.props=M,d.__g&=-9)'],
      ['y.push.apply(d.__h,d.__k),d.__k=[],d.__h.length', 'd.__h.length'],
      ['d.context=L,'],
      ['d.render(d.props,d.state=d.__s,d.context)', 'd.render(d.props)'],
      ['d.state=d.__s,A=', 'A='],
      ['{i.__P=i.__n=null}', '{i.__P=null}'],
      ['function x(n,t){this.props=n,this.context=t,this.__g=0}', 'function x(n){this.props=n,this.__g=0}'],
      ['function K(n,t,r){return this.constructor(n,r)}', 'function K(n){return this.constructor(n)}'],
      [
        'function(n,t){var r=this.__s;r&&r!=this.state||(r=this.__s=_({},this.state)),"function"==typeof n&&(n=n(_({},r),this.props)),n&&(_(r,n),this.__v&&(t&&this.__k.push(t),L(this)))},x.prototype.forceUpdate=function(n){this.__v&&(this.__g|=4,n&&this.__h.push(n),L(this))},x.prototype.render=$,',
        'function(){this.__v&&L(this)},',
      ],
      // Options that nobody sets, refs that are functions, and listeners on the way down.
      ['return!o&&n.vnode&&n.vnode(e),e', 'return e'],
      ['n.vnode&&n.vnode(r),'],
      ['&&i==n.debounceRendering||((i=n.debounceRendering)||queueMicrotask)(H)', '||queueMicrotask(H)'],
      ['(i||queueMicrotask)(H)', 'queueMicrotask(H)'],
      ['u(n.event?n.event(r):r)', 'u(r)'],
      [
        'function G(t,r,u,i){try{"function"==typeof t?r?r.__x=t(r)||1:i&&(i=i.__c||i.__e)&&(r=i.__x)&&(i.__x=null,"function"==typeof r?r():t(null)):t.current=r}catch(t){n.__e(t,u)}}',
        'function G(t,r){t.current=r}',
      ],
      ['f=t!=(t=t.replace(l,"$1")),'],
      [
        'r?n.addEventListener(t,o,f):n.removeEventListener(t,o,f)',
        'r?n.addEventListener(t,o):n.removeEventListener(t,o)',
      ],
      ['"list"!=t&&"form"!=t&&'],
      ['"download"!=t&&"rowSpan"!=t&&"colSpan"!=t&&'],
      ['&&"popover"!=t'],
      ['"popover"==t&&1==r?"":r', 'r'],
    ],
  },
  {
    inside: '/preact/hooks/dist/',
    file: 'hooks.mjs',
    texts: [
      // Ids that a server and a page must agree on.
      [',p=a.__;', ';'],
      ['a.__=function(n,t){n&&t.__k&&t.__k.__m&&(n.__m=t.__k.__m),p&&p(n,t)},'],
      // What stood in these places before: nobody else does.
      [',v=a.__b,l=a.__r,m=a.diffed,h=a.__c,s=a.unmount;', ';'],
      [',v&&v(n)'],
      ['l&&l(n),'],
      ['m&&m(n);'],
      [',h&&h(n,t)'],
      ['s&&s(n);'],
      ['!a.__s&&E(i.__H,u)&&(i.__P=!0', 'E(i.__H,u)&&(i.__P=!0'],
      ['!a.__s&&E(i.__H,u)&&(i.__P=!1', 'E(i.__H,u)&&(i.__P=!1'],
      ['1!=n&&i==a.requestAnimationFrame||((i=a.requestAnimationFrame)||z)(g)', '1!=n||z(g)'],
      // A world without frames.
      ['var k="function"==typeof requestAnimationFrame;'],
      ['k&&cancelAnimationFrame(t)', 'cancelAnimationFrame(t)'],
      ['k&&(t=requestAnimationFrame(r))', 't=requestAnimationFrame(r)'],
    ],
  },
  {
    inside: '/@preact/signals/dist/',
    file: 'signals.module.js',
    texts: [
      // Signals that are put into markup as they are, text or attribute: ours are read first, by `.value`.
      [
        'function w(i){var n=this,r=i.data,t=useSignal(r);t.name="ReactiveDom";t.value=r;var e=o(function(){var i=n,r=n.__v;while(r=r.__)if(r.__c){r.__c.__$f|=4;break}var o=v(function(){var i=t.value.value;return 0===i?0:!0===i?"":i||""}),e=v(function(){return!Array.isArray(o.value)&&!f(o.value)}),u=a(function(){this.N=M;if(e.value){var n=o.value;if(i.__v&&i.__v.__e&&3===i.__v.__e.nodeType)i.__v.__e.data=n}}),c=n.__$u.d;n.__$u.d=function(){u();c.call(this)};return[e,o]},[]),u=e[0],c=e[1];return u.value?c.peek():c.value}w.displayName="ReactiveTextNode";Object.defineProperties(c.prototype,{constructor:{configurable:!0,value:i(n,null).constructor},type:{configurable:!0,value:w},props:{configurable:!0,get:function(){var i=this;return{data:{get value(){return i.value}}}}},__b:{configurable:!0,value:1}});',
      ],
      [
        'if("string"==typeof n.type){var r,t=n.props;for(var f in t)if("children"!==f){var o=t[f];if(o instanceof c){if(!r)n.__np=r={};r[f]=o;t[f]=o.peek()}}}',
      ],
      [
        'var r;if("string"==typeof n.type&&(r=n.__e)){var t=n.__np,f=n.props,o=r.U;if(o)for(var e in o){var u=o[e];if(!(void 0===u||t&&e in t)){u.d();o[e]=void 0}}if(t){if(!o){o={};r.U=o}for(var a in t){var c=o[a],v=t[a];if(void 0===c){c=k(r,a,v,f);o[a]=c}else c.o(v,f)}}}',
      ],
      [
        'function k(i,n,r,t){var f=n in i&&void 0===i.ownerSVGElement,o=s(r);return{o:function(i,n){o.value=i;t=n},d:a(function(){this.N=M;var r=o.value.value;if(t[n]!==r){t[n]=r;if(f)i[n]=r;else if(null!=r&&(!1!==r||"-"===n[4]))i.setAttribute(n,r);else i.removeAttribute(n)}})}}',
      ],
      [
        'if("string"==typeof n.type){var r=n.__e;if(r){var t=r.U;if(t){r.U=void 0;for(var f in t){var o=t[f];if(o)o.d()}}}var e=n.__np;if(e){var u=n.props;for(var a in e)u[a]=e[a]}n.__np=void 0}else',
      ],
      // Developer tools, names for them among these.
      ['if(m)null==(n=this.y)||n.call(this);'],
      [
        'function(i,n){var r;a(function(){r=this},{name:n});r.c=i;return r}',
        'function(i){var r;a(function(){r=this});r.c=i;return r}',
      ],
      [',"function"==typeof r.type?r.type.displayName||r.type.name:""', ''],
      // Components that are classes.
      ['if(this.__R)return!0;'],
      ['for(var f in n)return!0;'],
      ['||"boolean"==typeof this.u&&!0===this.u'],
      ['"__source"!==e&&'],
    ],
  },
  {
    inside: '/@preact/signals-core/dist/',
    file: 'signals-core.module.js',
    texts: [
      // A signal as a text or a number, and one that says when it is watched: ours are read by `.value`.
      ['l.prototype.brand=i;'],
      ['var i=Symbol.for("preact-signals");'],
      [
        'this.W=null==t?void 0:t.watched;this.Z=null==t?void 0:t.unwatched;this.name=null==t?void 0:t.name}l.',
        '}l.',
      ],
      ['if(void 0!==r)r.e=i;else f(function(){var i;null==(i=t.W)||i.call(t)})', 'if(void 0!==r)r.e=i'],
      ['this.t=n;if(void 0===n)f(function(){var i;null==(i=t.Z)||i.call(t)})', 'this.t=n'],
      [
        'l.prototype.valueOf=function(){return this.value};l.prototype.toString=function(){return this.value+""};l.prototype.toJSON=function(){return this.value};',
      ],
      // Models of its own making, which collect their effects, and names.
      [
        'function f(i){var t=o,r=n;o=void 0;n=void 0;try{return i()}finally{o=t;n=r}}',
        'function f(i){var t=o;o=void 0;try{return i()}finally{o=t}}',
      ],
      ['this.name=null==t?void 0:t.name;if(n)n.push(this)}', '}'],
      ['m.prototype.dispose=function(){this.d()};'],
      ['var n=r.d.bind(r);n[Symbol.dispose]=n;return n', 'return r.d.bind(r)'],
    ],
  },
  {
    inside: '/engine.io-client/build/esm/',
    file: 'transports/index.js',
    pattern:
      /^import \{ XHR \} from "\.\/polling-xhr\.node\.js";\nimport \{ WS \} from "\.\/websocket\.node\.js";\nimport \{ WT \} from "\.\/webtransport\.js";\nexport const transports = \{\n {4}websocket: WS,\n {4}webtransport: WT,\n {4}polling: XHR,\n\};\s*$/,
    kept: () => 'import { WS } from "./websocket.node.js"\nexport const transports = { websocket: WS }\n',
    // Its index exports every transport by name; what nobody takes may then go, with the checks it runs at load.
    moduleSideEffects: false,
  },
  // From one transport to a better one: there is only one. And a listener that stays on the page's window as long as
  // that lives: `live/socketTransport` has one while it is wanted.
  {
    inside: '/engine.io-client/build/esm/',
    file: 'socket.js',
    methods: ['_probe'],
    texts: [
      [
        'const withEventListeners = typeof addEventListener === "function" &&\n    typeof removeEventListener === "function";',
        'const withEventListeners = false;\n',
      ],
    ],
  },
  // An address in one piece: it is told where to connect by host and port.
  {
    inside: '/engine.io-client/build/esm/',
    file: 'contrib/parseuri.js',
    pattern: /^\/\/ imported from .*\nexport function parse\(str\) \{.*$/s,
    kept: () => 'export const parse = host => ({ host })\n',
  },
  {
    inside: '/engine.io-parser/build/esm/',
    file: 'encodePacket.browser.js',
    pattern:
      /^import \{ PACKET_TYPES \} .*?\nconst with.*\nconst encodePacket = \(\{ type, data \}, supportsBinary, callback\) => \{.*$/s,
    kept: () =>
      'import { PACKET_TYPES } from "./commons.js"\nexport const encodePacket = ({ type, data }, _, callback) => callback(PACKET_TYPES[type] + (data || ""))\nexport const encodePacketToBinary = encodePacket\n',
  },
  {
    inside: '/engine.io-parser/build/esm/',
    file: 'decodePacket.browser.js',
    // A frame of bytes is not ours, and no packet.
    pattern:
      /^(import \{ ERROR_PACKET.*?\n)import \{ decode \}.*?(\n {4}const packetType = PACKET_TYPES_REVERSE\[type\];.*?\n\};\n)const decodeBase64Packet = .*$/s,
    kept: (_all, imports, rest) =>
      `${imports}export const decodePacket = encodedPacket => {\n    const type = typeof encodedPacket === "string" && encodedPacket.charAt(0);${rest}`,
  },
  {
    inside: '/socket.io-parser/build/esm/',
    file: 'is-binary.js',
    pattern:
      /^const withNative.*\nexport function isBinary\(obj\) .*\nexport function hasBinary\(obj, toJSON\) .*$/s,
    kept: () => 'export const isBinary = () => false\nexport const hasBinary = () => false\n',
  },
  {
    inside: '/socket.io-parser/build/esm/',
    file: 'binary.js',
    pattern:
      /^import \{ isBinary \} .*\nexport function deconstructPacket\(.*\nexport function reconstructPacket\(.*$/s,
    kept: () =>
      'export const deconstructPacket = packet => packet\nexport const reconstructPacket = packet => packet\n',
  },
  { inside: '/socket.io-parser/build/esm/', file: 'index.js', methods: ['encodeAsBinary'] },
  // Makes sockets by address, and keeps them: nobody asks for that.
  {
    inside: '/socket.io-client/build/esm/',
    file: 'index.js',
    pattern: /^import \{ url \} .*\nfunction lookup\(uri, opts\) \{.*\nexport \{ Manager, .*$/s,
    kept: () => 'export { Manager } from "./manager.js"\n',
  },
  {
    inside: '/socket.io-client/build/esm/',
    file: 'socket.js',
    methods: [
      'send',
      'emitWithAck',
      '_addToQueue',
      'compress',
      'get volatile',
      'timeout',
      'onAny',
      'prependAny',
      'offAny',
      'listenersAny',
      'onAnyOutgoing',
      'prependAnyOutgoing',
      'offAnyOutgoing',
      'listenersAnyOutgoing',
    ],
  },
  { inside: '/socket.io-client/build/esm/', file: 'manager.js', methods: ['reconnect', 'onreconnect'] },
  {
    inside: '/socket.io-client/build/esm/',
    file: 'contrib/backo2.js',
    pattern: /^.*\nexport function Backoff\(opts\) \{.*\nBackoff\.prototype\.reset = .*$/s,
    kept: () => 'export class Backoff { reset() {} }\n',
  },
  {
    inside: '/marked/lib/',
    file: 'marked.esm.js',
    // The default instance, its functions, and the list of exports: the end of the file.
    pattern:
      /var (\w+)=new \w+;function (\w+)\(l,e\)\{return \1\.parse\(l,e\)\}\2\.options=.*?export\{[^}]*?\b(\w+) as Lexer\b[^}]*\};/s,
    kept: (_all, _instance, _parse, lexer) => `export{${lexer} as Lexer};`,
  },
]

/** `code` without what the cut names, or null where that is not in it. Lines stay where they were. */
function without(code, { pattern, kept, methods = [], texts = [] }) {
  if (pattern) return pattern.test(code) ? code.replace(pattern, kept) : null
  let rest = code
  for (const [text, instead = ''] of texts) {
    if (rest.split(text).length !== 2) return null
    rest = rest.replace(text, () => instead)
  }
  for (const name of methods) {
    // A method of a class: four blanks before its name, and before the brace that ends it.
    const method = new RegExp(`^ {4}${name}\\([^\\n]*\\) \\{\\n.*?\\n {4}\\}$`, 'ms')
    if (!method.test(rest)) return null
    rest = rest.replace(method, text => text.replace(/[^\n]/g, ''))
  }
  return rest
}

/** A rollup plugin. Fails the build when a library is bundled and the part to leave out was not found in it. */
export function leaveOut() {
  const done = new Set()
  return {
    name: 'leave-out',
    buildStart: () => done.clear(),
    transform(code, id) {
      const cuts = CUTS.filter(({ inside }) => id.includes(inside))
      if (!cuts.length) return null
      const { moduleSideEffects = null } = cuts[0]
      const cut = cuts.find(({ inside, file }) => id.endsWith(inside + file))
      if (!cut) return { code, map: null, moduleSideEffects }
      const rest = without(code, cut)
      if (rest === null) this.error(`${id} is not as scripts/leaveOut.mjs knows it. Read it anew.`)
      done.add(cut)
      return { code: rest, map: null, moduleSideEffects }
    },
    buildEnd(error) {
      if (error) return
      for (const cut of CUTS)
        if (!done.has(cut) && [...this.getModuleIds()].some(id => id.includes(cut.inside)))
          this.error(
            `${cut.inside}${cut.file} was not seen. Has the library moved it? See scripts/leaveOut.mjs.`,
          )
    },
  }
}
