package io.coordinator.server.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.Event;
import io.coordinator.testing.feature.Feature;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

@Feature("C-06")
class EventFeedTest {
    private final EventFeed feed = new EventFeed();

    @Test
    void whatASessionHadBeyondTheFirstIsFetchedOnceThoseAreWritten() {
        assertThat(feed.start(events(1, 3), 5)).extracting(Event::getNumber).containsExactly(1L, 2L, 3L);
        assertThat(feed.beginFetch()).as("some are still queued").isFalse();
        assertThat(feed.offer(events(6, 6))).as("it would overtake").isEmpty();
        events(1, 3).forEach(feed::written);

        assertThat(feed.beginFetch()).isTrue();
        assertThat(feed.lastQueued()).isEqualTo(3);
        assertThat(feed.fetched(events(4, 6))).extracting(Event::getNumber).containsExactly(4L, 5L, 6L);
        events(4, 6).forEach(feed::written);
        assertThat(feed.beginFetch()).as("nothing is left").isFalse();
        assertThat(feed.offer(events(7, 7))).hasSize(1);
    }

    @Test
    void whatDoesNotComeAtOnceIsFetchedBitByBit() {
        feed.start(events(1, 2), 7);
        events(1, 2).forEach(feed::written);
        for (long first : new long[] {3, 5}) {
            assertThat(feed.beginFetch()).isTrue();
            assertThat(feed.lastQueued()).isEqualTo(first - 1);
            assertThat(feed.fetched(events(first, first + 1))).hasSize(2);
            events(first, first + 1).forEach(feed::written);
        }
        assertThat(feed.beginFetch()).isTrue();
        assertThat(feed.fetched(events(7, 7))).hasSize(1);
        events(7, 7).forEach(feed::written);
        assertThat(feed.beginFetch()).as("nothing is left").isFalse();
    }

    @Test
    void whoHadNothingBeginsWithWhatComes() {
        assertThat(feed.start(List.of(), 4)).isEmpty();
        assertThat(feed.beginFetch()).isFalse();
        assertThat(feed.offer(events(5, 6))).hasSize(2);
    }

    @Test
    void allThatASessionHadIsEnough() {
        assertThat(feed.start(events(3, 4), 4)).hasSize(2);
        events(3, 4).forEach(feed::written);
        assertThat(feed.beginFetch()).isFalse();
    }

    private static List<Event> events(long first, long last) {
        return LongStream.rangeClosed(first, last)
                .mapToObj(number -> Event.newBuilder().setNumber(number).build())
                .toList();
    }
}
