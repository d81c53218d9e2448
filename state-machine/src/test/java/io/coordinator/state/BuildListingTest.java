package io.coordinator.state;

import static io.coordinator.protocol.BuildReply.OutcomeCase.BUILD;
import static io.coordinator.protocol.BuildReply.OutcomeCase.REFRESH;
import static io.coordinator.protocol.BuildReply.OutcomeCase.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.BuildList;
import io.coordinator.protocol.BuildQuery;
import io.coordinator.protocol.BuildStatus;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.ListBuilds;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ReserveBuild;
import io.coordinator.testing.feature.Feature;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who builds what, since when, and how long what was built is kept. */
@Feature("U-09")
class BuildListingTest extends Script {
    private BuildList running(String after, int limit) {
        return query(Query.newBuilder()
                        .setBuild(BuildQuery.newBuilder()
                                .setNamespace(Actor.NAMESPACE)
                                .setList(ListBuilds.newBuilder()
                                        .setAfter(after)
                                        .setLimit(limit)
                                        .setOnlyRunning(true))))
                .getBuild()
                .getList();
    }

    private static ReserveBuild.Builder task() {
        return ReserveBuild.newBuilder()
                .setBuildMillis(60_000)
                .setWaitMillis(60_000)
                .setTask(true);
    }

    @Test
    @Feature("U-08")
    void aBuildSaysWhoIsAtItAndForHowLong() {
        at(1_000).session("a").reserve("k", 60_000, 0).gives(BUILD);
        BuildStatus status = at(3_500).session("b").status("k");
        assertThat(status.getBuilderSessionId()).isEqualTo(session("a").id());
        assertThat(status.getBuilder()).isEqualTo("a");
        assertThat(status.getRunningMillis()).isEqualTo(2_500);
        assertThat(status.getTask()).isFalse();
        assertThat(session("b").listBuilds("", "", 0).getBuilds(0)).isEqualTo(status);
    }

    @Test
    @Feature("U-05")
    void aTaskIsOneWhileItRunsAndWhenItIsDoneAndSaysHowLongThatIsKept() {
        at(1_000);
        long token = session("a").reserve("t", task()).gives(BUILD).token();
        assertThat(session("b").status("t").getTask()).isTrue();
        session("a").complete("t", CompleteBuild.newBuilder().setToken(token).setTtlMillis(9_000), "true");
        at(3_000).tick();
        BuildStatus done = session("b").status("t");
        assertThat(done.getTask()).isTrue();
        assertThat(done.getKeptMillis()).isEqualTo(7_000);
        assertThat(done.getBuilderSessionId()).isZero();
        session("b").putBuild("t", "1");
        assertThat(session("b").status("t").getTask()).isFalse();
        assertThat(session("b").status("t").getKeptMillis()).isZero();
    }

    @Test
    void whoTakesOverATaskRunsATask() {
        at(1_000);
        long token = session("a").reserve("t", task()).gives(BUILD).token();
        session("b").reserve("t", task()).gives(WAIT);
        session("a").deleteBuild("t");
        BuildStatus status = at(1_500).session("c").status("t");
        assertThat(status.getToken()).isNotEqualTo(token);
        assertThat(status.getBuilderSessionId()).isEqualTo(session("b").id());
        assertThat(status.getTask()).isTrue();
        assertThat(status.getRunningMillis()).isEqualTo(500);
    }

    @Test
    void ofThousandsOnlyThoseThatRunAreListedPageByPage() {
        withoutShadow();
        at(1_000);
        for (int i = 0; i < 5_000; i++) {
            session("a").putBuild(String.format("k%05d", i), "1");
        }
        session("b").reserve("k00000x", 60_000, 0).gives(BUILD);
        session("b").reserve("k02500x", 60_000, 0).gives(BUILD);
        session("b").reserve("k04999x", 60_000, 0).gives(BUILD);
        List<String> found = new ArrayList<>();
        int pages = 0;
        String after = "";
        BuildList page;
        do {
            page = running(after, 2);
            pages++;
            for (int i = 0; i < page.getKeysCount(); i++) {
                if (page.getBuilds(i).getBuilderSessionId() != 0) {
                    found.add(page.getKeys(i));
                }
            }
            after = page.getKeysCount() == 0 ? after : page.getKeys(page.getKeysCount() - 1);
        } while (page.getMore());
        assertThat(found).containsExactly("k00000x", "k02500x", "k04999x");
        assertThat(pages)
                .as("pages, of which each looks at a bounded number of keys")
                .isGreaterThan(2);
    }

    @Test
    @Feature("B-32")
    void whatIsBuiltAnewRunsToo() {
        at(1_000);
        long token = session("a").reserve("k", 60_000, 0).gives(BUILD).token();
        session("a").complete("k", CompleteBuild.newBuilder().setToken(token).setRefreshAfterMillis(100), "1");
        assertThat(running("", 0).getKeysList()).isEmpty();
        at(2_000).session("b").reserve("k", 60_000, 0).gives(REFRESH);
        assertThat(running("", 0).getKeysList()).containsExactly("k");
        assertThat(running("", 0).getBuilds(0).getState()).isEqualTo(BuildStatus.State.EXISTS);
        assertThat(running("", 0).getBuilds(0).getBuilderSessionId())
                .isEqualTo(session("b").id());
    }
}
