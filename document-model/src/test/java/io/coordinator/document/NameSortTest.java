package io.coordinator.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.protobuf.ByteString;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

@Feature("C-04")
class NameSortTest {
    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    private static Member[] members(Set<String> names) {
        List<Member> members = new ArrayList<>();
        names.forEach(name -> members.add(new Member(Scalar.string(name), members.size(), Scalar.NULL)));
        Collections.shuffle(members, new Random(1));
        return members.toArray(new Member[0]);
    }

    private void isSorted(Set<String> names) {
        Member[] sorted = members(names);
        Member[] expected = sorted.clone();
        Arrays.sort(expected, (a, b) -> Arrays.compareUnsigned(a.text(), b.text()));

        NameSort.sort(sorted);

        assertThat(sorted).as("seed %s", seed).isEqualTo(expected);
    }

    @RepeatedTest(20)
    void namesAreInTheOrderOfTheirBytes() {
        String letters = "ab!\u007f\u00e9\u4e2d\"\\\n";
        Set<String> names = new LinkedHashSet<>();
        for (int i = random.nextInt(2_000); i > 0; i--) {
            StringBuilder name = new StringBuilder("abababababab".substring(random.nextInt(12)));
            for (int j = random.nextInt(9); j > 0; j--) {
                name.append(letters.charAt(random.nextInt(letters.length())));
            }
            names.add(name.toString());
        }
        isSorted(names);
    }

    @Test
    void someNamesGoOnWhereOthersEnd() {
        Set<String> names = new LinkedHashSet<>();
        for (int length = 0; length < 600; length++) {
            names.add("a".repeat(length));
            names.add("a".repeat(length) + "!");
        }
        isSorted(names);
    }

    /** Each name is alike to all that are longer, so that the work is put off as often as can be. */
    @Test
    void namesThatAreAlikeForLongTakeNoStack() {
        Map<String, Value> members = new LinkedHashMap<>();
        for (int length = 0; length < 2_000; length++) {
            members.put("abcde".repeat(length), Scalar.NULL);
        }

        assertThatCode(() -> ObjectValue.of(members)).doesNotThrowAnyException();
    }

    @RepeatedTest(10)
    void membersStayInTheOrderInWhichTheyCame() throws Exception {
        StringBuilder text = new StringBuilder("{");
        Set<Integer> names = new LinkedHashSet<>();
        while (names.size() < 3_000) {
            names.add(random.nextInt(1 << 20));
        }
        names.forEach(name -> text.append(text.length() == 1 ? "" : ",")
                .append("\"")
                .append(name)
                .append("\":{}"));
        String json = text.append('}').toString();

        assertThat(JsonText.parse(ByteString.copyFromUtf8(json)))
                .as("seed %s", seed)
                .hasToString(json);
    }
}
