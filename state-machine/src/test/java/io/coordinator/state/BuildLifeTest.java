package io.coordinator.state;

import static io.coordinator.protocol.BuildReply.OutcomeCase.BUILD;
import static io.coordinator.protocol.BuildReply.OutcomeCase.HIT;
import static io.coordinator.protocol.BuildReply.OutcomeCase.KNOWN_FAILURE;
import static io.coordinator.protocol.BuildReply.OutcomeCase.REFRESH;
import static io.coordinator.protocol.BuildReply.OutcomeCase.WAIT;
import static org.assertj.core.api.Assertions.assertThat;

import io.coordinator.protocol.BuildEvent;
import io.coordinator.protocol.BuildQuery;
import io.coordinator.protocol.BuildStatus;
import io.coordinator.protocol.Change;
import io.coordinator.protocol.ChangeKind;
import io.coordinator.protocol.CompleteBuild;
import io.coordinator.protocol.ErrorCode;
import io.coordinator.protocol.GetBuild;
import io.coordinator.protocol.ListBuilds;
import io.coordinator.protocol.PutBuild;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.ReserveBuild;
import io.coordinator.testing.feature.Feature;
import org.junit.jupiter.api.Test;

/** How long results and failures live, and who waits for what. */
class BuildLifeTest extends Script {
    private long build(String key) {
        return session("a").reserve(key, 5_000, 0).gives(BUILD).token();
    }

    private void built(String key, CompleteBuild.Builder how) {
        session("a").complete(key, how.setToken(build(key)), "1");
    }

    private BuildStatus.State state(String key) {
        return session("z").status(key).getState();
    }

    @Test
    @Feature({"A-24", "JC-EXP-1", "S-55"})
    void aResultThatSlidesLivesFromItsLastAccess() {
        at(1_000);
        built("k", CompleteBuild.newBuilder().setTtlMillis(1_000).setSliding(true));
        at(1_900).session("b").reserve("k", 100, 0).hit("1").changes();
        at(2_999).tick();
        assertThat(session("b").touchBuild("k").reply().getBuild().getTouched().getExisted())
                .isTrue();
        at(4_098).tick();
        assertThat(state("k")).isEqualTo(BuildStatus.State.EXISTS);
        at(4_099).tick();
        assertThat(state("k")).isEqualTo(BuildStatus.State.EMPTY);
        assertThat(session("b").touchBuild("k").reply().getBuild().getTouched().getExisted())
                .isFalse();
    }

    @Test
    @Feature({"JC-EXP-2", "S-56"})
    void anAbsoluteExpiryIsNeverMoved() {
        at(1_000);
        built("k", CompleteBuild.newBuilder().setTtlMillis(1_000));
        at(1_900).session("b").reserve("k", 100, 0).hit("1");
        session("b").touchBuild("k");
        at(2_000).tick();
        assertThat(state("k")).isEqualTo(BuildStatus.State.EMPTY);
    }

    @Test
    @Feature({"B-32", "JC-EXP-2", "G-3"})
    void aResultExpiresAtItsTimeAlsoWhileItIsRefreshed() {
        at(1_000);
        built("k", CompleteBuild.newBuilder().setRefreshAfterMillis(500).setTtlMillis(2_000));
        at(1_600).session("b").reserve("k", 60_000, 0).gives(REFRESH);
        assertThat(at(2_999).tick().last().changes()).isEmpty();
        assertThat(at(3_000).tick().last().changes())
                .extracting(Change::getKind)
                .containsExactly(ChangeKind.EXPIRED);
        assertThat(state("k")).isEqualTo(BuildStatus.State.PENDING);
    }

    @Test
    @Feature("B-32")
    void oneRefreshesWhatIsDueWhileAllGetWhatThereIs() {
        at(1_000);
        built("k", CompleteBuild.newBuilder().setRefreshAfterMillis(500).setTtlMillis(5_000));
        at(1_499).session("b").reserve("k", 900, 0).gives(HIT);
        Outcome refresh =
                at(1_500).session("b").reserve("k", 900, 0).gives(REFRESH).changes(ChangeKind.STARTED);
        assertThat(refresh.reply()
                        .getBuild()
                        .getRefresh()
                        .getResult()
                        .getValue()
                        .toStringUtf8())
                .isEqualTo("1");
        session("c").reserve("k", 900, 0).hit("1");
        long token = refresh.reply().getBuild().getRefresh().getReservation().getToken();
        session("b").complete("k", token, "2").changes(ChangeKind.COMPLETED);
        session("c").reserve("k", 900, 0).hit("2");
        session("a").await("k", 0).hit("2");
    }

    @Test
    @Feature("B-32")
    void aRefreshThatFailsOrIsLostLeavesWhatThereIs() {
        at(1_000);
        built("k", CompleteBuild.newBuilder().setRefreshAfterMillis(500).setTtlMillis(5_000));
        long failing = at(1_500)
                .session("b")
                .reserve("k", 900, 0)
                .reply()
                .getBuild()
                .getRefresh()
                .getReservation()
                .getToken();
        session("b").failKept("k", failing, 300).changes(ChangeKind.FAILED);
        session("c").reserve("k", 900, 0).hit("1");
        at(1_800).session("c").reserve("k", 900, 0).gives(REFRESH);
        expire("c");
        session("b").reserve("k", 5_000, 0).gives(REFRESH);
        at(6_000).tick();
        assertThat(state("k")).isEqualTo(BuildStatus.State.PENDING);
        session("a").reserve("k", 900, -1).gives(WAIT);
        at(6_800).tick();
        session("a").hears(BuildEvent.OutcomeCase.PROMOTED);
        session("b").hears(BuildEvent.OutcomeCase.LOST);
    }

    @Test
    @Feature("B-32")
    void aFailureThatIsKeptIsToldUntilItsTime() {
        at(1_000);
        long token = build("k");
        session("b").reserve("k", takingOver());
        session("a").failKept("k", token, 500);
        session("b").hears(BuildEvent.OutcomeCase.FAILED);
        session("c").reserve("k", 100, 0).gives(KNOWN_FAILURE).changes();
        session("c").await("k", 100).gives(KNOWN_FAILURE);
        assertThat(state("k")).isEqualTo(BuildStatus.State.EMPTY);
        at(1_500).session("c").reserve("k", 100, 0).gives(BUILD);
    }

    @Test
    @Feature("B-32")
    void aKeptFailureCanBeDeleted() {
        session("a").failKept("k", build("k"), 500);
        session("a").deleteBuild("k").changes();
        build("k");
    }

    private static ReserveBuild.Builder takingOver() {
        return ReserveBuild.newBuilder().setBuildMillis(5_000).setWaitMillis(-1).setTakeOver(true);
    }

    @Test
    @Feature({"A-26", "JC-BOR-7"})
    void whoTakesOverBuildsInsteadOfFailing() {
        long token = build("k");
        session("b").reserve("k", 5_000, -1);
        session("c").reserve("k", takingOver());
        session("d").reserve("k", takingOver());
        session("e").await("k", -1);
        session("a").fail("k", token, "broken").changes(ChangeKind.FAILED, ChangeKind.STARTED);
        session("b").hears(BuildEvent.OutcomeCase.FAILED);
        session("e").hears(BuildEvent.OutcomeCase.FAILED);
        long next = session("c")
                .hears(BuildEvent.OutcomeCase.PROMOTED)
                .get(0)
                .getBuild()
                .getPromoted()
                .getToken();
        session("c").complete("k", next, "2");
        session("d").hears(BuildEvent.OutcomeCase.COMPLETED);
    }

    @Test
    @Feature({"S-52", "JC-GET-2", "JC-GET-3", "JC-GET-4"})
    void whoOnlyWaitsNeverBuilds() {
        session("w").await("k", 1_000).refused(ErrorCode.EKEYNOTFOUND, "nobody builds it");
        long token = build("k");
        session("w").await("k", 0).refused(ErrorCode.EBUILDPENDING, "not complete");
        session("w").await("k", 3_000).gives(WAIT);
        session("v").await("k", -1).gives(WAIT);
        session("a").complete("k", token, "7");
        session("w").hears(BuildEvent.OutcomeCase.COMPLETED);
        session("v").hears(BuildEvent.OutcomeCase.COMPLETED);
        session("w").await("k", 0).hit("7");
    }

    @Test
    @Feature({"S-53", "JC-DEL-2", "A-30"})
    void aDeletedBuildIsRebuiltByAWaiterAndAbsentForThoseWhoOnlyWait() {
        long token = build("k");
        session("w").await("k", -1);
        session("b").reserve("k", 5_000, -1);
        session("c").deleteBuild("k").changes(ChangeKind.DELETED, ChangeKind.STARTED);
        session("w").hears(BuildEvent.OutcomeCase.ABSENT);
        session("b").hears(BuildEvent.OutcomeCase.PROMOTED);
        session("a").hears(BuildEvent.OutcomeCase.LOST);
        session("a").complete("k", token, "1").refused(ErrorCode.EBUILDLOST);
        assertThat(state("k")).isEqualTo(BuildStatus.State.PENDING);
    }

    @Test
    @Feature("JC-BOR-14")
    void whoOnlyWaitsIsToldWhenNobodyIsLeftToBuild() {
        build("k");
        session("w").await("k", -1);
        session("b").reserve("k", 5_000, -1);
        expire("a");
        session("b").hears(BuildEvent.OutcomeCase.PROMOTED);
        assertThat(session("w").hears()).isEmpty();
        expire("b");
        session("w").hears(BuildEvent.OutcomeCase.ABSENT);
        assertThat(state("k")).isEqualTo(BuildStatus.State.EMPTY);
    }

    @Test
    @Feature("DL-PUSH-7")
    void whoIsNeverPromotedBuildsOnlyIfNobodyDoes() {
        ReserveBuild.Builder push = ReserveBuild.newBuilder()
                .setBuildMillis(5_000)
                .setWaitMillis(-1)
                .setNeverPromoted(true);
        session("a").reserve("k", push).gives(BUILD);
        session("b").reserve("k", push).gives(WAIT);
        expire("a");
        session("b").hears(BuildEvent.OutcomeCase.ABSENT);
        session("b").reserve("k", push).gives(BUILD);
    }

    @Test
    @Feature("DL-FAN-7")
    void aDiscardedResultIsForThoseWhoWaitNow() {
        long token = build("k");
        session("b").reserve("k", 5_000, -1);
        session("a").complete("k", CompleteBuild.newBuilder().setToken(token).setDiscard(true), "5");
        assertThat(session("b")
                        .hears(BuildEvent.OutcomeCase.COMPLETED)
                        .get(0)
                        .getValue()
                        .toStringUtf8())
                .isEqualTo("5");
        assertThat(state("k")).isEqualTo(BuildStatus.State.EMPTY);
        session("b").reserve("k", 5_000, 0).gives(BUILD);
    }

    @Test
    @Feature("B-32")
    void aResultIsPutAndBuildsAreClearedByPrefix() {
        long token = build("a/1");
        session("b").reserve("a/1", 5_000, -1);
        session("c").putBuild("a/1", "9").changes(ChangeKind.PUT);
        session("a").hears(BuildEvent.OutcomeCase.LOST);
        session("b").hears(BuildEvent.OutcomeCase.COMPLETED);
        session("a").complete("a/1", token, "1").refused(ErrorCode.EBUILDLOST);
        session("c").putBuild("a/2", "9");
        session("c").putBuild("b", "9");
        assertThat(session("c").listBuilds("a/", "", 1).getKeysList()).containsExactly("a/1");
        assertThat(session("c").listBuilds("a/", "", 1).getMore()).isTrue();
        assertThat(session("c").listBuilds("a/", "a/1", 5).getKeysList()).containsExactly("a/2");
        assertThat(session("c").listBuilds("", "", 0).getBuilds(2).getResult().getValue())
                .isEmpty();
        Outcome clear = session("c").clearBuilds("a/").changes(ChangeKind.DELETED, ChangeKind.DELETED);
        assertThat(clear.reply().getBuild().getCleared().getCount()).isEqualTo(2);
        assertThat(session("c").listBuilds("", "", 0).getKeysList()).containsExactly("b");
    }

    @Test
    @Feature("B-32")
    void whoOnlyWaitsRefreshesNothing() {
        at(1_000);
        built("k", CompleteBuild.newBuilder().setRefreshAfterMillis(500).setTtlMillis(5_000));
        at(1_500).session("w").await("k", -1).hit("1").changes();
        assertThat(count("buildsPending")).isZero();
        assertThat(count("buildsDone")).isOne();
        session("b").reserve("k", 900, 0).gives(REFRESH);
    }

    @Test
    @Feature({"A-24", "JC-EXP-1"})
    void aResultThatSlidesIsNeverEarlyAndWithoutATtlStaysForEver() {
        at(1_000);
        built("k", CompleteBuild.newBuilder().setTtlMillis(1_000).setSliding(true));
        assertThat(session("z").status("k").getResult().getExpiresAtMillis()).isEqualTo(2_100);
        built("l", CompleteBuild.newBuilder().setSliding(true));
        assertThat(session("z").status("l").getResult().getExpiresAtMillis()).isZero();
    }

    @Test
    @Feature("B-32")
    void aKeptFailureIsNoBuildThatExisted() {
        session("a").failKept("k", build("k"), 500);
        assertThat(session("a").deleteBuild("k").existed()).isFalse();
        build("l");
        assertThat(count("buildsPending")).isOne();
        assertThat(count("buildsDone")).isZero();
        assertThat(session("a").deleteBuild("l").existed()).isTrue();
    }

    private boolean isRefused(BuildQuery.Builder query) {
        return core().refuse(Query.newBuilder()
                        .setBuild(query.setNamespace(Actor.NAMESPACE))
                        .build())
                .isPresent();
    }

    @Test
    @Feature({"A-31", "A-32"})
    void impossibleQuestionsAndTimesAreRefused() {
        GetBuild get = GetBuild.getDefaultInstance();
        assertThat(isRefused(BuildQuery.newBuilder().setGet(get))).isTrue();
        assertThat(isRefused(BuildQuery.newBuilder().setKey("k").setGet(get))).isFalse();
        ListBuilds.Builder list = ListBuilds.newBuilder().setAfter("other");
        assertThat(isRefused(BuildQuery.newBuilder().setKey("k").setList(list))).isTrue();
        assertThat(isRefused(BuildQuery.newBuilder().setKey("o").setList(list))).isFalse();
        assertThat(isRefused(
                        BuildQuery.newBuilder().setKey("k").setList(list.clone().setAfter(""))))
                .isFalse();
        session("a").putBuild("k", PutBuild.newBuilder().setTtlMillis(-1), "1").refused(ErrorCode.EINVAL, "ttl_millis");
        session("a")
                .putBuild("k", PutBuild.newBuilder().setRefreshAfterMillis(-1), "1")
                .refused(ErrorCode.EINVAL, "refresh_after_millis");
    }
}
