package io.coordinator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.client.ClientConfig;
import io.coordinator.server.config.Keys;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** Arguments and what becomes of them, as far as no cluster is needed. */
@Feature("PM-CLI-5")
class CommandLineTest {
    private final TestConsole console = new TestConsole();

    @Test
    void noCommandShowsWhatThereIs() {
        assertThat(console.run()).isZero();
        assertThat(console.out())
                .contains(
                        "serve",
                        "demo",
                        "status",
                        "get",
                        "put",
                        "del",
                        "watch",
                        "lock",
                        "transfer",
                        "completion",
                        "version")
                .contains("Exit codes:")
                .doesNotContain("demo-worker");
        assertThat(console.err()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "fly",
                "get",
                "get a b",
                "put a",
                "put a 1 --ttl soon",
                "put a 1 --ttl 0",
                "put a 1 --sliding",
                "put a 1 --if-absent --if-revision 3",
                "get a --timeout 10",
                "get a -o xml",
                "lock a",
                "lock",
                "completion fish",
                "watch"
            })
    @Feature("U-17")
    void wrongUsageIsTwoAndOneLineOnStderr(String line) {
        assertThat(console.run(line.split(" ", -1))).isEqualTo(2);
        assertThat(console.out()).isEmpty();
        assertThat(console.err()).startsWith("coordinator").hasLineCount(1).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get | coordinator get: missing required parameter: 'KEY'; see 'coordinator get --help'",
                "fly | coordinator: there is no command 'fly'; see 'coordinator --help'",
                "statu | coordinator: there is no command 'statu' (did you mean 'status' or 'stats'?); see"
                        + " 'coordinator --help'",
                "get a b | coordinator get: unmatched argument at index 2: 'b'; see 'coordinator get --help'",
                "cache rm a | coordinator cache: there is no command 'rm'; see 'coordinator cache --help'",
                "cache ls --limit 0 | coordinator cache ls: --limit must be at least 1, but is 0; see 'coordinator"
                        + " cache ls --help'"
            })
    @Feature("U-17")
    void aMistakeIsNamedWithTheWayToTheHelp(String line, String message) {
        assertThat(console.run(line.split(" ", -1))).isEqualTo(2);
        assertThat(console.err()).isEqualTo(message + "\n");
    }

    @Test
    @Feature("U-17")
    void aMistakeWithLineBreaksInItIsToldInOneLine() {
        assertThat(console.run("put", "a", "1", "--ttl", "one\nday")).isEqualTo(2);
        assertThat(console.err())
                .startsWith("coordinator put: invalid value for option '--ttl'")
                .contains("'one day' is no duration")
                .hasLineCount(1);
        assertThat(console.run("one\nday")).isEqualTo(2);
        assertThat(console.err())
                .startsWith("coordinator: there is no command 'one day'")
                .hasLineCount(1);
    }

    @Test
    @Feature("U-17")
    void everyHelpHasExamplesThatTheCommandTakes() {
        CommandLine root = new CommandTree(console.console()).commandLine();
        List<CommandLine> all = new ArrayList<>(List.of(root));
        all.addAll(root.getSubcommands().values());
        all.removeIf(command -> command.getCommandSpec().usageMessage().hidden());
        assertThat(all).allSatisfy(command -> {
            String[] examples = command.getCommandSpec().usageMessage().footer();
            assertThat(examples).as("%s", command.getCommandName()).isNotEmpty();
            assertThat(command.getUsageMessage()).contains("Examples:");
            for (String example : examples) {
                List<String> words = ShellWords.of(String.format(example));
                assertThat(words.get(0)).isEqualTo("coordinator");
                // The server's flags are its own; see CommandTree.
                if (!words.get(1).equals("serve")) {
                    String[] line = words.subList(1, words.size()).toArray(String[]::new);
                    new CommandTree(console.console()).commandLine(line).parseArgs(line);
                }
            }
        });
    }

    @Test
    void valueThatIsNoJsonIsWrongUsageToo() {
        assertThat(console.run("put", "a", "hello")).isEqualTo(2);
        assertThat(console.err())
                .startsWith("coordinator put: 'hello' is not JSON")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "serve",
                "demo",
                "status",
                "get",
                "put",
                "del",
                "watch",
                "doc",
                "lock",
                "elect",
                "locks",
                "sem",
                "pub",
                "sub",
                "topic",
                "group",
                "rpc",
                "member",
                "transfer",
                "data",
                "upgrade",
                "completion"
            })
    void eachCommandExplainsItself(String command) {
        assertThat(console.run(command, "--help")).isZero();
        assertThat(console.out()).contains("coordinator " + command);
    }

    @Test
    @Feature("U-20")
    void aCommandThatIsNamedFirstIsTheOnlyOneThatIsDescribedAndTheSame() {
        Map<String, CommandLine> all =
                new CommandTree(console.console()).commandLine().getSubcommands();
        assertThat(all).hasSizeGreaterThan(20).allSatisfy((name, command) -> {
            assertThat(command.getCommandName()).isEqualTo(name);
            Map<String, CommandLine> described =
                    new CommandTree(console.console()).commandLine(name).getSubcommands();
            assertThat(described).hasSize(name.equals("completion") ? all.size() : 1);
            assertThat(described)
                    .hasEntrySatisfying(
                            name, one -> assertThat(one.getUsageMessage()).isEqualTo(command.getUsageMessage()));
        });
    }

    @Test
    void version() {
        assertThat(console.run("version")).isZero();
        assertThat(console.out()).startsWith("coordinator ").contains("Java ");
        assertThat(console.run("--version")).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void completionKnowsCommandsAndOptions(String shell) {
        assertThat(console.run("completion", shell)).isZero();
        assertThat(console.out())
                .contains("transfer")
                .contains("--from-revision")
                .contains("complete -F");
    }

    @Test
    void nobodyThereIsFive() {
        assertThat(console.run("get", "a", "--endpoints", "127.0.0.1:1", "--timeout", "300ms"))
                .isEqualTo(5);
        assertThat(console.err()).startsWith("coordinator get: EDISCONNECTED: ").hasLineCount(1);
        assertThat(console.out()).isEmpty();
    }

    @Test
    void globalOptionsStandBeforeOrAfterTheCommandAndWinOverTheEnvironment() {
        console.set("COORD_ENDPOINTS", "not an address");
        assertThat(console.run("get", "a", "--timeout", "300ms")).isEqualTo(2);
        assertThat(console.err()).contains("not an address");
        assertThat(console.run("--endpoints", "127.0.0.1:1", "--timeout", "300ms", "get", "a"))
                .isEqualTo(5);
        assertThat(console.run("get", "--endpoints", "127.0.0.1:1", "--timeout", "300ms", "a"))
                .isEqualTo(5);
    }

    @Test
    @Feature("C-53")
    void aMisspeltVariableIsRefusedBeforeADefaultIsTaken() {
        console.set("COORD_ENDPOINT", "127.0.0.1:1");
        assertThat(console.run("get", "a", "--timeout", "300ms")).isEqualTo(2);
        assertThat(console.err())
                .contains("unknown environment variable COORD_ENDPOINT; did you mean COORD_ENDPOINTS?");
        assertThat(console.run("get", "a", "--timeout", "300ms", "-e", "127.0.0.1:1"))
                .isEqualTo(5);
        console.set("COORD_ENDPOINTS", "127.0.0.1:1").set("COORD_NAMESPACES", "x");
        assertThat(console.run("get", "a", "--timeout", "300ms")).isEqualTo(2);
        assertThat(console.err()).contains("did you mean COORD_NAMESPACE?");
        console.set("COORD_DATADIR", "/srv");
        assertThat(console.run("data", "info")).isEqualTo(2);
        assertThat(console.err()).contains("did you mean COORD_DATA_DIR?");
    }

    @Test
    @Feature("C-53")
    void variablesOfOneProgramAreNoMistakesInAnother() {
        Map<String, String> all = new TreeMap<>();
        Keys.all().forEach(key -> all.put(key.environmentName(), "a"));
        all.put("COORD_ENDPOINTS", "127.0.0.1:1");
        assertThat(ClientConfig.builder().environment(all).build().endpoints()).containsExactly("127.0.0.1:1");
        all.remove("COORD_AUTH_TOKEN");
        all.forEach(console::set);
        assertThat(console.run("get", "a", "--timeout", "300ms")).isEqualTo(5);
    }

    @Test
    void verboseShowsWhereItFailed() {
        assertThat(console.run("--verbose", "get", "a", "--endpoints", "127.0.0.1:1", "--timeout", "300ms"))
                .isEqualTo(5);
        assertThat(console.err()).contains("\tat ");
    }
}
