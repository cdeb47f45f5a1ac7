"""Programs that deploy or publish, and the words after each that do it."""

import re
from collections.abc import Mapping
from functools import cache

from catalog.regex import regex
from scorecards.reading.deployments.deployment import Kind

_TABLE = r"""
kubectl          deploys    apply|replace|set image|rollout restart|create (-f|--filename)
kubectl          deploys    argo rollouts (set|promote)
kubectl          deploys    patch (deploy|statefulset|sts|daemonset|rollout|ksvc|app|cronjob)
kubectl          deploys    patch (service\.serving|helmrelease|kustomization)
oc               deploys    apply|replace|set image|rollout (restart|latest)|create -f|new-app
oc               deploys    patch (dc|deploy|bc)|deploy
oc               image      start-build
kn               deploys    service (create|update|apply)
helm             deploys    upgrade|install
helm             image      push|cm-push|s3 push|gcs push|nexus-push
helmfile         deploys    apply|sync
helmsman         deploys    -apply|--apply
tk               deploys    apply
kapp             deploys    (app-group )?deploy
kubecfg          deploys    update
kustomize        tags       edit set (image|tag)
skaffold         deploys    run|deploy|apply
skaffold         image      build .*--push
werf             deploys    converge|bundle apply|deploy
kluctl           deploys    deploy
ko               deploys    apply|create|run
ko               image      build|publish|resolve
argocd           deploys    app (sync|set|create|patch|upload)|appset create
flux             deploys    reconcile
nomad            deploys    (job )?run
nomad-pack       deploys    run
levant           deploys    deploy
waypoint         deploys    up|deploy|release
porter           deploys    apply|(bundle )?(install|upgrade)
kamal            deploys    deploy|redeploy|setup
mrsk             deploys    deploy|redeploy
juju             deploys    refresh|deploy|upgrade-charm
docker           deploys    stack (deploy|up)|service (update|create)
docker           here       compose( \S+)* (up|restart)|run .*(-d|--detach|-\w*d)\b
docker           image      push|buildx build .*--push|build .*--push|image push|buildx bake .*--push
docker           image      compose( \S+)* push|manifest push|buildx imagetools create
docker-compose   here       (\S+ )*(up|restart)
docker-compose   image      (\S+ )*push
podman           here       compose( \S+)* up|run .*(-d|--detach)\b|play kube|kube play
podman           image      push|manifest push
buildah          image      push
skopeo           image      copy|sync
crane            image      push|copy|cp|tag
depot            image      build .*--push
pack             image      build .*--publish
executor         image      .*--destination
jib              image      build
aws              deploys    ecs (update-service|create-service|deploy|update-express)
aws              deploys    lambda (update-function-code|update-alias|publish-version)
aws              deploys    deploy create-deployment|elasticbeanstalk (update|create)-environment
aws              deploys    apprunner (start-deployment|update-service|create-service)
aws              deploys    amplify start-(deployment|job)
aws              deploys    cloudformation (deploy|create-stack|update-stack|execute-change-set)
aws              deploys    ssm send-command|autoscaling start-instance-refresh
aws              deploys    lightsail create-container-service-deployment
aws              deploys    sagemaker (update|create)-endpoint|stepfunctions update-state-machine
aws              deploys    glue (update|create)-job|appconfig start-deployment
aws              starts     codepipeline start-pipeline-execution|codebuild start-build
aws              copies     s3 (sync|cp|mv)|s3api put-object
gcloud           deploys    (\S+ )?run (deploy|services (update|replace)|worker-pools deploy|compose up)
gcloud           deploys    (\S+ )?run jobs (deploy|update|create|replace)
gcloud           deploys    (\S+ )?functions deploy|(\S+ )?app deploy
gcloud           deploys    (\S+ )?deploy releases (create|promote)
gcloud           deploys    (\S+ )?compute (instance-groups managed (rolling-action|update)|ssh)
gcloud           deploys    (\S+ )?compute instances (update-container|create-with-container)
gcloud           deploys    (\S+ )?infra-manager deployments apply|(\S+ )?composer environments storage
gcloud           deploys    (\S+ )?dataflow (flex-template|jobs) run
gcloud           deploys    (\S+ )?deployment-manager deployments (create|update)
gcloud           deploys    (\S+ )?endpoints services deploy|(\S+ )?api-gateway api-configs create
gcloud           starts     (\S+ )?builds triggers run
gcloud           image      (\S+ )?builds submit
gcloud           copies     (\S+ )?storage (cp|rsync)
gke-deploy       deploys    run|apply
gsutil           copies     (-\S+ )*(rsync|cp)
az               deploys    webapp (up|deploy|restart|config container set|config set)
az               deploys    webapp traffic-routing set|containerapp ingress traffic set
gcloud           deploys    (\S+ )?run services update-traffic|(\S+ )?app services set-traffic
aws              deploys    elasticbeanstalk swap-environment-cnames
az               deploys    webapp deployment (source|slot swap|container)
az               deploys    functionapp (deploy|deployment|config container set)
az               deploys    containerapp (up|update|create|compose|revision copy|job (update|create))
az               deploys    container (create|restart)|deployment \w+ create|group deployment create
az               deploys    aks command invoke|spring(-cloud)? app (deploy|update)
az               deploys    vmss (update|rolling|run-command)|vm run-command|stack \w+ create
az               deploys    staticwebapp .*deploy|ml (online-)?(deployment|endpoint) (create|update)
az               image      acr (build|import)
az               starts     pipelines (run|build)|pipelines release
az               copies     storage (blob|file) (upload-batch|sync|upload)|storage azcopy
azd              deploys    up|deploy|provision
azcopy           copies     copy|sync|cp
func             deploys    azure \w+ publish|kubernetes deploy|deploy
swa              deploys    deploy
terraform        provisions (-\S+ )*apply|run .*apply
tofu             provisions (-\S+ )*apply
terragrunt       provisions (-\S+ )*((run|run-all|stack|--all) )*(\S+ )*apply(-all)?
tf               provisions apply
pulumi           provisions (-\S+ )*(up|update)
cdktf            provisions deploy
cdk              deploys    (-\S+ )*deploy
sam              deploys    (-\S+ )*(deploy|sync)
samdev           deploys    deploy
serverless       deploys    (-\S+ )*(deploy|\S*deploy)
sls              deploys    (-\S+ )*deploy
osls             deploys    deploy
chalice          deploys    (-\S+ )*deploy
zappa            deploys    deploy|update
up               deploys    deploy
sst              deploys    deploy
copilot          deploys    (\w+ )?deploy
eb               deploys    deploy|use
ecs              deploys    deploy|update
ecs-deploy       deploys    .*-\w+
ecs-cli          deploys    compose
ecspresso        deploys    (-\S+ (\S+ )?)*deploy
lambroll         deploys    deploy
claudia          deploys    update|create
vercel           deploys    (-\S+ )*deploy|.*(--prod\b|--token)
now              deploys    .*--(token|prod)
netlify          deploys    deploy
ntl              deploys    deploy
wrangler         deploys    deploy|publish|pages (deploy|publish)|versions deploy
firebase         deploys    deploy|(-\S+ (\S+ )?)*deploy
firebase         store      appdistribution:distribute
surge            deploys    \S+
fly              deploys    deploy|machines? (update|run)|m (update|run)
flyctl           deploys    deploy|machines? (update|run)
railway          deploys    up|redeploy|deploy
render           deploys    deploys create
heroku           deploys    container:release|builds:create|jar:deploy|war:deploy|deploy:\w+
heroku           deploys    pipelines:promote
heroku           image      container:push
dokku            deploys    git:\S+|ps:rebuild
caprover         deploys    deploy
cf               deploys    push|deploy|blue-green-deploy|zero-downtime-push|bg-deploy|v3-push|restage
cf               deploys    restart
cf7              deploys    push|deploy
bosh             deploys    (-\S+ (\S+ )?)*deploy
tsuru            deploys    app-deploy|app deploy
ansible-playbook deploys    \S+
ansible-pull     deploys    \S+
cap              deploys    \S+ (\S*:)?deploy
mina             deploys    (\S+ )*deploy
dep              deploys    (\S+ )*deploy
deployer         deploys    (\S+ )*deploy
envoy            deploys    run
fab              deploys    (\S+ )*\S*(deploy|release|update)
shipit           deploys    \S+ (deploy|\S*:deploy)
pm2              deploys    deploy
pm2              here       (start|restart|reload|startOrRe\w+)
systemctl        here       (-\S+ )*(restart|reload|start|try-restart|reload-or-restart)
supervisorctl    here       (-\S+ )*(restart|update|reload|start)
service          here       \S+ (restart|reload|start)
databricks       deploys    bundle (deploy|run)|workspace import\w*|jobs (create|reset|update)
databricks       deploys    repos update
astro            deploys    deploy
prefect          deploys    deploy|(-\S+ )*deployment (build|apply)
dagster-cloud    deploys    .*deploy
supabase         deploys    functions deploy
convex           deploys    deploy
octo             deploys    deploy-release|deployrelease|create-release .*--deployto
octopus          deploys    release deploy|runbook run
spin             deploys    deploy|(pipeline|pi) execute|up
tkn              starts     (pipeline|task|clustertask) start
argo             starts     submit|resubmit
jenkins-cli      starts     build
gh               starts     workflow run|api .*dispatches
glab             starts     ci (run|trigger)
fastlane         store      (\S+ )?(deploy|release|beta|production|prod|internal)(_\w+)?
fastlane         store      (\S+ )?(alpha|testflight|nightly|staging)(_\w+)?
fastlane         store      (\S+ )?(\w*play_?store\w*|publish|upload\w*|supply|deliver|pilot)(_\w+)?
fastlane         store      (\S+ )?(\w*app_?store\w*|store|distribute|ship)(_\w+)?
eas              store      submit|update|build .*--auto-submit
expo             store      publish|upload:\w+
shorebird        store      release|patch
appcenter        store      codepush|distribute
xcrun            store      altool .*--upload|iTMSTransporter
twa              store      publish
npm              package    publish|run (semantic-)?release
yarn             package    (npm )?publish
pnpm             package    (-\S+ )*publish|changeset publish
lerna            package    publish
changeset        package    publish
semantic-release package    \S*
twine            package    upload
poetry           package    publish
uv               package    publish
flit             package    publish
hatch            package    publish
cargo            package    publish|release
gem              package    push
dotnet           package    nuget push
nuget            package    push
mvn              package    (\S+ )*deploy
gradle           package    (\S+ )*\S*publish\S*|(\S+ )*upload\S*
goreleaser       package    release|.*--(clean|rm-dist)
cr               package    upload|index
oras             image      push
mix              package    hex\.publish
dart             package    pub publish
mkdocs           pages      gh-deploy
mike             pages      deploy
gh-pages         pages      \S+
ghp-import       pages      \S+
docusaurus       pages      deploy
rsync            deploys    .*\S:\S*
scp              deploys    .*\S:\S*
lftp             copies     \S+
ncftpput         copies     \S+
acli             deploys    push:\S+
msdeploy         deploys    .*-verb:sync
"""
"""Program, what it does, and the words that follow it; a program may stand on several lines."""


@cache
def programs() -> Mapping[str, tuple[tuple[Kind, re.Pattern[str]], ...]]:
    """By the program's name: what it does, each with the pattern of the words that do it."""
    found: dict[str, tuple[tuple[Kind, re.Pattern[str]], ...]] = {}
    for line in _TABLE.strip().splitlines():
        head, kind, pattern = line.split(None, 2)
        bounded = regex(rf"(?:{pattern})(?![\w-])")
        found[head] = (*found.get(head, ()), (kind, bounded))  # type: ignore[arg-type]
    return found
