package io.github.facemask.internal.pickle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnpicklerTest {

  /** In the texts of this test each character is a byte, as in a Python bytes literal. */
  private static Object read(String pickle) throws PickleException {
    return Unpickler.read(
        ByteBuffer.wrap(pickle.getBytes(StandardCharsets.ISO_8859_1)), PickleTypes.NONE);
  }

  @Test
  void tellsWhatWasRefusedAndWhetherThePickleBeginsWithIt() {
    PickleException whole = refusal("\u0080\2cmine\nNet\n)\u0081.");
    PickleException inside = refusal("\u0080\2}U\1acmine\nNet\n)\u0081s.");
    PickleException other = refusal("\u0080\2");

    assertThat(whole.refused()).isEqualTo("mine.Net");
    assertThat(whole.isFirst()).isTrue();
    assertThat(inside.refused()).isEqualTo("mine.Net");
    assertThat(inside.isFirst()).isFalse();
    assertThat(other.refused()).isEmpty();
  }

  private static PickleException refusal(String pickle) {
    ByteBuffer bytes = ByteBuffer.wrap(pickle.getBytes(StandardCharsets.ISO_8859_1));
    return catchThrowableOfType(
        PickleException.class, () -> Unpickler.read(bytes, PickleTypes.NONE));
  }

  @Test
  void readsNumbersAndTexts() throws PickleException {
    // pickle.dumps([None, True, False, 1, -2, 1000, 2**40, 2**70, 0.5, "ä", b"\x00\xff"], 4)
    PickleSequence list =
        (PickleSequence)
            read(
                "\u0080\u0004\u00958\0\0\0\0\0\0\0]\u0094(N\u0088\u0089K\1J\u00fe\u00ff\u00ff\u00ffM"
                    + "\u00e8\3\u008a\6\0\0\0\0\0\1\u008a\u0009\0\0\0\0\0\0\0\0@"
                    + "G?\u00e0\0\0\0\0\0\0\u008c\2\u00c3\u00a4\u0094C\2\0\u00ff\u0094e.");

    assertThat(list.kind()).isEqualTo(PickleSequence.Kind.LIST);
    assertThat(list.elements().subList(0, 10))
        .containsExactly(
            PickleNone.NONE,
            true,
            false,
            1L,
            -2L,
            1000L,
            1L << 40,
            BigInteger.ONE.shiftLeft(70),
            0.5,
            "\u00e4");
    assertThat((byte[]) list.elements().get(10)).containsExactly(0, -1);
  }

  @Test
  void readsContainers() throws PickleException {
    // {"a": (1, 2), "b": [3]} with an OrderedDict inside
    PickleDict dict =
        (PickleDict) read("\u0080\2}(U\1aK\1K\2\u0086U\1b]K\3aU\1cccollections\nOrderedDict\n)Ru.");

    assertThat(((PickleSequence) dict.get("a")).elements()).containsExactly(1L, 2L);
    assertThat(((PickleSequence) dict.get("b")).elements()).containsExactly(3L);
    assertThat(((PickleDict) dict.get("c")).entries()).isEmpty();
    assertThat(dict.get("d")).isNull();
  }

  @Test
  void aListMayContainItself() throws PickleException {
    PickleSequence list = (PickleSequence) read("\u0080\2]q\0h\0a.");

    assertThat(list.elements()).hasSize(1);
    assertThat(list.elements().get(0)).isSameAs(list);
  }

  @Test
  void stopsBehindThePickle() throws PickleException {
    ByteBuffer two = ByteBuffer.wrap(new byte[] {(byte) 0x80, 2, 'N', '.', 42});

    Unpickler.read(two, PickleTypes.NONE);

    assertThat(two.get()).isEqualTo((byte) 42);
  }

  @ParameterizedTest
  @ValueSource(strings = {"posix\nsystem", "builtins\neval", "builtins\ngetattr", "os\nlist"})
  void refusesOtherNames(String name) {
    assertThatThrownBy(() -> read("\u0080\2c" + name + "\nU\1a\u0085R."))
        .isInstanceOf(PickleException.class)
        .hasMessageContaining("names \"" + name.replace('\n', '.') + "\"")
        .hasMessageContaining("nothing was run");
  }

  @Test
  void refusesOtherNamesFromTheStackToo() {
    assertThatThrownBy(() -> read("\u0080\4\u008c\5posix\u008c\6system\u0093."))
        .hasMessageContaining("\"posix.system\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "80 02 4e | ends early",
        "80 01 4e 2e | has protocol 1, expected 2 to 5",
        "4e 2e | does not begin with a protocol",
        "80 02 2e | lacks a value at byte 3",
        "80 02 65 2e | never began",
        "80 02 7d 28 4e 75 2e | a key without a value",
        "80 02 68 07 2e | memo index 7, which was never set",
        "80 02 4e 72 ff ff ff 7f 2e | memo index 2147483647",
        "80 02 58 ff ff ff ff 2e | asks for 4294967295 bytes more, there are 1",
        "80 04 8d ff ff ff ff ff ff ff ff 2e | asks for 18446744073709551615 bytes more",
        "80 02 8b ff ff ff ff 2e | asks for 18446744073709551615 bytes more",
        "80 02 8b 00 01 00 00 2e | an integer of 256 bytes",
        "80 02 58 01 00 00 00 ff 2e | not UTF-8",
        "80 02 4e 4e 61 2e | appends to a value that is no list",
        "80 02 4e 4e 4e 73 2e | sets an item of a value that is no dict",
        "80 02 4e 4e 52 2e | calls something that is no class",
        "80 02 4e 4e 62 2e | gives attributes to a value that has none",
        "80 02 4e 51 2e | persistent id",
        "80 02 69 2e | unknown operation 0x69 at byte 2",
      })
  void saysWhatIsWrong(String hex, String expected) {
    StringBuilder pickle = new StringBuilder();
    for (String b : hex.split(" ", -1)) {
      pickle.append((char) Integer.parseInt(b, 16));
    }

    assertThatThrownBy(() -> read(pickle.toString()))
        .isInstanceOf(PickleException.class)
        .hasMessageContaining(expected);
  }

  @Test
  void memoryIsBoundedByTheLengthForTheWorstPickles() throws PickleException {
    String global = "cbuiltins\ncomplex\nq\0";
    List<String> worst =
        List.of(
            "}", "]", "(", "N", "]Na", "}NNs", "N\u0085", "N\u0094", "U\1a", "h\0)R", "h\0)Rq\1");
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    for (String operations : worst) {
      String pickle = "\u0080\2" + global + operations.repeat(200_000) + "N.";
      byte[] bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
      long before = threads.getThreadAllocatedBytes(thread);
      Unpickler.read(ByteBuffer.wrap(bytes), PickleTypes.NONE);
      double factor = (threads.getThreadAllocatedBytes(thread) - before) / (double) bytes.length;
      System.out.printf("%s: %.1f bytes a byte%n", PickleException.quote(operations), factor);
      assertThat(factor).as(operations).isLessThan(64);
    }
  }

  @Test
  void theSameValuesAreNotCopiedAgainAndAgain() {
    String list = "](" + "K\1".repeat(1000) + "eq\1";
    String copies = "cbuiltins\nset\nq\0" + "h\0h\1\u0085R".repeat(1000);

    assertThatThrownBy(() -> read("\u0080\2" + list + copies + "."))
        .hasMessageContaining("again and again");
  }
}
