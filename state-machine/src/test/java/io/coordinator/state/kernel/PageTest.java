package io.coordinator.state.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Feature("C-06")
class PageTest {
    @ParameterizedTest
    @CsvSource({"0, 100", "-1, 100", "1, 1", "99, 99", "100, 100", "101, 100", "2147483647, 100"})
    void hasAsManyRowsAsAreWantedButNeverTooMany(int limit, int rows) {
        Page page = new Page(limit);
        for (int i = 0; i < rows; i++) {
            assertThat(page.takes(1)).isTrue();
        }
        assertThat(page.takes(0)).isFalse();
    }

    @Test
    void hasSoManyBytesAndNotOneMore() {
        Page page = new Page(0);
        assertThat(page.takes(Page.BYTES_MAX - 10)).isTrue();
        assertThat(page.takes(11)).isFalse();
        assertThat(page.takes(10)).isTrue();
        assertThat(page.takes(1)).isFalse();
    }

    @Test
    void hasOneRowHoweverLargeItIs() {
        Page page = new Page(0);
        assertThat(page.takes(2L * Page.BYTES_MAX)).isTrue();
        assertThat(page.takes(1)).isFalse();
    }
}
