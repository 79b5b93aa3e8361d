package io.github.facemask.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The description is hand-written: it is compared with the routes and with real answers. */
class OpenApiTest {

  private static Served served;
  private static JsonNode api;

  @BeforeAll
  static void start() throws IOException {
    served = Served.start(s -> s);
    api = Served.json(served.get("/openapi.json"));
  }

  @AfterAll
  static void stop() throws IOException {
    served.close();
  }

  @Test
  void thePathsAreTheRoutes() {
    assertThat(api.get("openapi").asText()).startsWith("3.1.");
    assertThat(ImmutableSet.copyOf(api.get("paths").fieldNames())).isEqualTo(Routes.PATHS);
    api.get("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .fieldNames()
                    .forEachRemaining(
                        method -> {
                          int status =
                              served
                                  .send(
                                      HttpRequest.newBuilder(served.at(path.getKey()))
                                          .method(
                                              method.toUpperCase(java.util.Locale.ROOT),
                                              BodyPublishers.noBody())
                                          .build())
                                  .statusCode();
                          assertThat(status)
                              .as(method + path.getKey())
                              .isEqualTo(method.equals("get") ? 200 : 415);
                        }));
  }

  @Test
  void everyAnswerFitsItsSchema() {
    byte[] photo = Served.photo(2, 3);
    Map<String, byte[]> files = new LinkedHashMap<>();
    files.put("a.jpg", photo);
    files.put("b.jpg", Arrays.copyOf(photo, 500));
    JsonNode single = Served.json(served.post("/v1/faces", "image/jpeg", photo));
    JsonNode several = Served.json(served.post("/v1/faces", Served.FORM, Served.form(files)));

    assertFits(single, schema("Photos"));
    assertFits(single.at("/photos/0/faces/0"), schema("Face"));
    assertFits(several.at("/photos/1"), schema("UnreadPhoto"));
    assertFits(Served.json(served.get("/v1/model")), schema("Model"));
    assertFits(Served.json(served.get("/health/live")), schema("Health"));
    assertFits(Served.json(served.get("/health/ready")), schema("Health"));
    assertFits(
        Served.json(served.post("/v1/heatmap?face=x", "image/jpeg", photo)), schema("Problem"));
    assertFits(Served.json(served.get("/nothing")), schema("Problem"));
  }

  @Test
  void everyProblemOfAPostIsDescribed() {
    for (String path : ImmutableList.of("/v1/faces", "/v1/heatmap")) {
      JsonNode answers = api.get("paths").get(path).get("post").get("responses");
      for (RequestProblem.Kind kind : RequestProblem.Kind.values()) {
        boolean ofTheServer =
            kind == RequestProblem.Kind.NOT_FOUND
                || kind == RequestProblem.Kind.METHOD_NOT_ALLOWED
                || kind == RequestProblem.Kind.HEADERS_TOO_LARGE;
        assertThat(answers.has(Integer.toString(kind.status())))
            .as(path + " " + kind)
            .isEqualTo(!ofTheServer);
      }
    }
  }

  private static JsonNode schema(String name) {
    JsonNode schema = api.at("/components/schemas/" + name);
    assertThat(schema.isObject()).as(name).isTrue();
    return schema;
  }

  /** Checks the parts of JSON Schema that the description uses. */
  private static void assertFits(JsonNode value, JsonNode schema) {
    if (schema.has("$ref")) {
      String path = schema.get("$ref").asText();
      assertFits(value, schema(path.substring(path.lastIndexOf('/') + 1)));
      return;
    }
    if (schema.has("oneOf")) {
      assertThat(schema.get("oneOf")).anySatisfy(one -> assertFits(value, one));
      return;
    }
    switch (schema.path("type").asText()) {
      case "object" -> assertObject(value, schema);
      case "array" -> {
        assertThat(value.isArray()).isTrue();
        value.forEach(item -> assertFits(item, schema.get("items")));
      }
      case "integer" -> assertThat(value.isIntegralNumber()).as(value.toString()).isTrue();
      case "number" -> assertThat(value.isNumber()).as(value.toString()).isTrue();
      case "string" -> assertThat(value.isTextual()).as(value.toString()).isTrue();
      case "boolean" -> assertThat(value.isBoolean()).as(value.toString()).isTrue();
      default -> throw new AssertionError("a schema without a type: " + schema);
    }
    if (schema.has("enum")) {
      assertThat(schema.get("enum")).contains(value);
    }
    if (schema.has("minimum")) {
      assertThat(value.asDouble()).isGreaterThanOrEqualTo(schema.get("minimum").asDouble());
    }
    if (schema.has("maximum")) {
      assertThat(value.asDouble()).isLessThanOrEqualTo(schema.get("maximum").asDouble());
    }
  }

  private static void assertObject(JsonNode value, JsonNode schema) {
    assertThat(value.isObject()).as(value.toString()).isTrue();
    schema
        .path("required")
        .forEach(name -> assertThat(value.has(name.asText())).as(name + " of " + value).isTrue());
    JsonNode more = schema.path("additionalProperties");
    value
        .properties()
        .forEach(
            field -> {
              JsonNode own = schema.path("properties").path(field.getKey());
              if (own.isObject()) {
                assertFits(field.getValue(), own);
              } else if (more.isObject()) {
                assertFits(field.getValue(), more);
              } else {
                assertThat(more.asBoolean()).as("undescribed " + field.getKey()).isTrue();
              }
            });
  }
}
