/*
 * What browsers, their extensions and robots are known to report on pages that did nothing wrong. Collected from the
 * public lists that error trackers share (Sentry's inbound filters among them) and from the vendors' own documentation.
 */

/** Messages of scripts that extensions, toolbars, ad injectors and in-app browsers put into pages. Lower case, anywhere. */
export const EXTENSION_MESSAGES: readonly string[] = [
  'top.globals',
  'originalcreatenotification',
  'canvas.contentdocument',
  'myapp_removeallhighlights',
  'tt.epicplay.com',
  "can't find variable: zitereader",
  'jigsaw is not defined',
  'combosearch is not defined',
  'loading.retry.widdit.com',
  'atomicfindclose',
  'fb_xd_fragment',
  'bmi_safeaddonload',
  'ebcallbackmessagereceived',
  'conduitpage',
  '_avast_submit',
  'window.regio',
  'plugin.setsuspendstate is not a function',
  'extension context invalidated',
  'could not establish connection. receiving end does not exist',
  'the message port closed before a response was received',
  'a listener indicated an asynchronous response by returning true',
  'webkit-masked-url:',
  'can\'t redefine non-configurable property "googletag"',
  "can't find variable: instantsearchsdkjsbridgeclearhighlight",
  "can't find variable: gmo",
  "can't find variable: __gcrweb",
  '__gcrweb.',
  'window.webkit.messagehandlers',
  '_autofillcallbackhandler',
  'instantiateautofill',
  'pktannotationhighlighter',
  'ucbrowser',
  'ceval',
  'jsbridge is not defined',
  "undefined is not an object (evaluating 'window.__firefox__",
  'zalojsv2 is not defined',
];

/** Beginnings and parts of script addresses that belong to no page. Lower case. */
export const EXTENSION_SCHEMES: readonly string[] = [
  'chrome://',
  'chrome-extension://',
  'moz-extension://',
  'ms-browser-extension://',
  'safari-extension://',
  'safari-web-extension://',
  'webkit-masked-url://',
  'webviewprogressproxy://',
  'resource://',
  'miscellaneous_bindings',
  'extensions::',
];
export const INJECTED_HOSTS: readonly string[] = [
  'graph.facebook.com',
  'connect.facebook.net',
  'eatdifferent.com.woopra-ns.com',
  'static.woopra.com/js/woopra.js',
  'metrics.itunes.apple.com.edgesuite.net',
  'kaspersky-labs.com',
  'translate.google.com',
  'translate.googleapis.com',
  'superfish.com',
  'secure.quantserve.com',
  'takethatad.com',
];

/** User agents of robots: search engines, previews, monitors, scanners. */
export const CRAWLERS =
  /googlebot|mediapartners-google|adsbot-google|feedfetcher-google|google-inspectiontool|google-safety|googleother|bingbot|bingpreview|msnbot|slurp|duckduckbot|baiduspider|yandex(?:bot|images|metrika)|sogou|exabot|facebookexternalhit|facebot|meta-external|ia_archiver|applebot|petalbot|seznambot|semrushbot|ahrefsbot|mj12bot|dotbot|rogerbot|bytespider|ccbot|gptbot|oai-searchbot|chatgpt-user|claudebot|claude-web|perplexitybot|amazonbot|slackbot|slack-imgproxy|twitterbot|linkedinbot|discordbot|telegrambot|whatsapp\/|skypeuripreview|embedly|quora link preview|pinterestbot|redditbot|flipboardproxy|w3c_validator|pingdom|uptimerobot|statuscake|betteruptime|better uptime|site24x7|newrelicpinger|datadogsynthetics|hubspot crawler|screaming frog|siteauditbot|calypso appcrawler|lyticsbot|aws security scanner|headlesschrome-lighthouse|chrome-lighthouse|ptst\/|prerender|crawler|spider\b|(?:^|[ ;(])(?!cubot)\w*bot[/ ;)]/i;

/** Programs that ask whether a service is alive. */
export const PROBES =
  /kube-probe|googlehc|elb-healthchecker|amazon-route53-health|consul health check|haproxy|envoy\/hc|azure traffic manager|traefik.*health|render\/1\.0|fly-proxy-health/i;

/** Last segment of addresses that only such programs ask for. */
export const HEALTH_PATHS =
  /^\/?(?:[\w.-]+\/){0,4}(?:health|healthz|health[-_]?checks?|healthy|livez?|liveness|readyz?|readiness|heartbeat|ping|__heartbeat__|__lbheartbeat__|_health|actuator\/health(?:\/\w+)?)\/?$/i;
