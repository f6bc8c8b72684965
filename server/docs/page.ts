import { asset } from '../web/assets.ts'

/** The page around Swagger UI; what it loads comes from `/api/docs/`. */
export const page = () => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Rozmowa: API</title>
<link rel="icon" type="image/svg+xml" href="${asset('favicon.svg')}">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<link rel="stylesheet" href="/api/docs/page.css">
<script defer src="/api/docs/swagger-ui-bundle.js"></script>
<script defer src="/api/docs/start.js"></script>
<header>
<a href="/">Rozmowa</a>
<nav aria-label="Documents">
<a href="/api/openapi.json">openapi.json</a>
<a href="/api/asyncapi.json">asyncapi.json: the stream and WebSockets</a>
</nav>
</header>
<div id="swagger-ui"></div>
<noscript>This page needs JavaScript; the documents above do not.</noscript>
</html>
`
