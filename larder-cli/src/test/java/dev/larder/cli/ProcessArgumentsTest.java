package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ProcessArgumentsTest {
  private static byte[] commandLine(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void argumentsThatTheLocaleCouldNotDecodeAreReadAgain() {
    byte[] bytes = commandLine("java\0-cp\0x\0Main\0put\0\u00fc\0\"\ud83d\ude00\"\0");

    assertThat(ProcessArguments.decode(bytes, new String[] {"put", "\ufffd\ufffd", "\ufffd"}))
        .containsExactly("put", "\u00fc", "\"\ud83d\ude00\"");
  }

  @Test
  void emptyArgumentsStay() {
    byte[] bytes = commandLine("java\0create\0\0\u00fc\0");

    assertThat(ProcessArguments.decode(bytes, new String[] {"create", "", "\ufffd"}))
        .containsExactly("create", "", "\u00fc");
  }

  @Test
  void argumentsThatAreNoUtf8AreRefused() {
    byte[] bytes = {'j', 0, 'p', 'u', 't', 0, (byte) 0xff, 0};

    assertThatThrownBy(() -> ProcessArguments.decode(bytes, new String[] {"put", "\ufffd"}))
        .isInstanceOf(CommandException.class)
        .hasMessage("argument 2 is not valid UTF-8");
  }

  @Test
  void ordinaryArgumentsAreLeftAlone() {
    String[] arguments = {"put", "\u00fc"};

    assertThat(ProcessArguments.recover(arguments)).isSameAs(arguments);
  }
}
