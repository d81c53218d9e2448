package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.ErrorCode;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lists of names, page by page. */
@Feature("C-06")
class NameScanTest {
    private final TreeSet<String> keys = new TreeSet<>();
    private int looked;

    private void add(String... names) {
        for (String name : names) {
            String[] parts = name.split(":", 2);
            keys.add(Name.of(parts[0], parts[1]).key());
        }
    }

    private NameScan scan(String namespace, String prefix) {
        return new NameScan(
                key -> {
                    looked++;
                    return keys.ceiling(key);
                },
                keys::higher,
                namespace,
                prefix);
    }

    private static List<String> rest(NameScan scan, @Nullable String first) {
        List<String> found = new ArrayList<>();
        for (String key = first; key != null; key = scan.next(key)) {
            Name name = Name.ofKey(key);
            found.add(name.namespace() + ":" + name.name());
        }
        return found;
    }

    private List<String> names(String namespace, String prefix, String afterNamespace, String afterName) {
        NameScan scan = scan(namespace, prefix);
        List<String> found = rest(scan, scan.firstAfter(afterNamespace, afterName));
        assertThat(scan.hasGivenUp()).isFalse();
        return found;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
                    '' | '' | '' | '' | a:q/1 a:x a:x/1 a:x/2 a:y b:a b:x/3 c:z
                    a | '' | '' | '' | a:q/1 a:x a:x/1 a:x/2 a:y
                    b | '' | '' | '' | b:a b:x/3
                    d | '' | '' | '' | -
                    a | x/ | '' | '' | a:x/1 a:x/2
                    '' | x/ | '' | '' | a:x/1 a:x/2 b:x/3
                    '' | z | '' | '' | c:z
                    '' | none | '' | '' | -
                    a | '' | a | x | a:x/1 a:x/2 a:y
                    a | '' | a | w | a:x a:x/1 a:x/2 a:y
                    a | '' | a | y | -
                    '' | '' | a | y | b:a b:x/3 c:z
                    '' | x/ | a | x/1 | a:x/2 b:x/3
                    '' | x/ | a | x/2 | b:x/3
                    """)
    void findsThoseOfANamespaceWithAPrefixBehindAName(
            String namespace, String prefix, String afterNamespace, String afterName, String expected) {
        add("a:x", "a:x/1", "a:x/2", "a:y", "a:q/1", "b:a", "b:x/3", "c:z");
        List<String> names = expected == null ? List.of() : List.of(expected.split(" "));
        assertThat(names(namespace, prefix, afterNamespace, afterName)).isEqualTo(names);
    }

    @Test
    @Feature("C-09")
    void skipsFromNamespaceToNamespace() {
        for (int i = 0; i < 1_000; i++) {
            add("a:p" + i, "a:z" + i);
        }
        add("b:q1");
        assertThat(names("", "q", "", "")).containsExactly("b:q1");
        assertThat(looked).isLessThan(10);
    }

    @Test
    @Feature("C-09")
    void givesUpAfterSoManyThatDoNotMatch() {
        for (int i = 0; i < NameScan.SKIPPED_MAX; i++) {
            add(String.format("n%05d:other", i));
        }
        add("z:found");
        assertThat(names("", "found", "", "")).containsExactly("z:found");
        add("zz:other", "zzz:found");
        NameScan scan = scan("", "found");
        String first = scan.firstAfter("", "");
        assertThat(first).isNotNull();
        assertThat(scan.next(String.valueOf(first))).isNull();
        assertThat(scan.hasGivenUp()).isTrue();
        assertThat(scan.refusal().getError().getCode()).isEqualTo(ErrorCode.ETOOLARGE);
    }

    @Test
    @Feature("C-09")
    void givesUpAfterSoManyThatAreOver() {
        for (int i = 0; i <= NameScan.SKIPPED_MAX + 1; i++) {
            add(String.format("n:%05d", i));
        }
        NameScan scan = scan("n", "");
        String key = scan.firstAfter("", "");
        for (int i = 0; i < NameScan.SKIPPED_MAX; i++) {
            assertThat(key).isNotNull();
            key = scan.nextBehindNothing(String.valueOf(key));
        }
        assertThat(key).isNotNull();
        assertThat(scan.hasGivenUp()).isFalse();
        assertThat(scan.nextBehindNothing(String.valueOf(key))).isNull();
        assertThat(scan.hasGivenUp()).isTrue();
    }
}
