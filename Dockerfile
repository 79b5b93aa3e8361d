# The mask command in an image without any model: mount one. docs/serve.md shows how.
FROM eclipse-temurin:17-jdk-noble AS build
WORKDIR /src
COPY . .
# 'jar' unpacks the zip, and forgets which file is a program.
RUN ./mvnw -B -q -Pzip -pl mask-examples/cli -am -Dmaven.test.skip=true -Dcompiler.checks=-parameters package \
    && mkdir /mask \
    && cp mask-examples/cli/target/mask-*.zip /mask.zip
WORKDIR /mask
RUN jar xf /mask.zip && mv mask-*/* . && chmod +x bin/mask

# glibc, because the natives of PyTorch need it: Alpine's musl will not do.
FROM eclipse-temurin:17-jre-noble
RUN useradd --system --uid 10001 --create-home mask
COPY --from=build /mask /opt/mask
ENV MASK_JAVA_OPTIONS="-Dai.djl.offline=true -XX:MaxRAMPercentage=50"
USER mask
WORKDIR /home/mask
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=3 \
    CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/8080 && printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200 '"]
ENTRYPOINT ["/opt/mask/bin/mask"]
CMD ["serve", "--model", "/model", "--host", "0.0.0.0"]
